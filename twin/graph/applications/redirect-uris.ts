import { z } from "zod";
import { NOT_SERVED } from "../call";

/** Characters that Entra refuses in a redirect URI. */
const REFUSED = /[!$'(),;#\s]/;

/**
 * A redirect URI of the Web or single-page platform: https, or http on the loopback host; no fragment,
 * at most 256 characters. Source: https://learn.microsoft.com/entra/identity-platform/reply-url
 */
export const redirectUriSchema = z
  .string()
  .max(256)
  .superRefine((value, context) => {
    const problem = findProblem(value);
    if (problem) context.addIssue({ code: "custom", message: problem });
  });

/** A redirect URI of a public client, which may have a custom scheme. */
export const nativeRedirectUriSchema = z
  .string()
  .max(256)
  .superRefine((value, context) => {
    const problem = /^https?:/i.test(value) ? findProblem(value) : findSyntaxProblem(value);
    if (problem) context.addIssue({ code: "custom", message: problem });
  });

function findSyntaxProblem(value: string): string | undefined {
  return URL.canParse(value) && !value.includes("#")
    ? undefined
    : "Must be a valid absolute URI without a fragment.";
}

function findProblem(value: string): string | undefined {
  if (!URL.canParse(value)) return "Must be a valid absolute URI.";
  if (REFUSED.test(value)) return "Must not contain a fragment, white space or any of !$'(),;";
  if (value.includes("*")) return `${NOT_SERVED}a wildcard`; // Allowed for some audiences, but discouraged.
  const { protocol, hostname } = new URL(value);
  if (protocol === "https:") return undefined;
  if (protocol === "http:" && ["localhost", "127.0.0.1"].includes(hostname)) return undefined;
  return "Must start with https, or with http on localhost.";
}
