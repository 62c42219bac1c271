import { z } from "zod";
import type { Destination } from "../../../store/cloudflare/account";
import { isObject } from "../../body";
import type { CloudflareCall } from "../../call";
import { cidrSchema } from "../../cidr";
import { accessConflict, CloudflareError, cloudflareNotServed, invalidRequest } from "../../errors";

/**
 * A host name with optional path, each part with at most one wildcard, without scheme, port and query.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/
 */
export const uriSchema = z
  .string()
  .regex(
    /^([\w-]*\*?[\w-]*\.)+[\w-]*\*?[\w-]*(\/[^/*?#\s]*\*?[^/*?#\s]*)*$/,
    "must be a host name with an optional path",
  );

const ports = z
  .string()
  .regex(/^\d{1,5}(-\d{1,5})?$/, "must be a port or a range such as 8000-8099")
  .refine((text) => {
    const [first = 0, last = first] = text.split("-").map(Number);
    return 1 <= first && first <= last && last <= 65_535;
  }, "must be ports from 1 to 65535 in ascending order");

/** https://developers.cloudflare.com/cloudflare-one/access-controls/applications/non-http/self-hosted-private-app/ */
const privateDestination = z
  .strictObject({
    type: z.literal("private"),
    cidr: cidrSchema.optional(),
    hostname: z
      .string()
      .regex(/^([\w-]+\.)+[\w-]+$/, "must be a host name")
      .optional(),
    l4_protocol: z.enum(["tcp", "udp"]).optional(),
    port_range: ports.optional(),
    vnet_id: z.string().optional(),
  })
  .refine(
    (one) => (one.cidr === undefined) !== (one.hostname === undefined),
    "must have either cidr or hostname",
  );

const publicDestination = z.strictObject({ type: z.literal("public"), uri: uriSchema });

export const destinationsSchema = z
  .array(
    z.preprocess(
      (sent) => (isObject(sent) ? { type: "public", ...sent } : sent),
      z.discriminatedUnion("type", [publicDestination, privateDestination]),
    ),
  )
  .min(1);

/** Refuses destinations whose effect in Access is not documented. @throws CloudflareError 501 */
export function refuseUnservedDestinations(call: CloudflareCall, sent: unknown): void {
  const refuse = (what: string) => cloudflareNotServed(call.c.req, what);
  for (const one of Array.isArray(sent) ? sent : []) {
    if (!isObject(one)) continue;
    const { type = "public", hostname } = one;
    if (type !== "public" && type !== "private") throw refuse(`destination type ${type}`);
    if (String(hostname).includes("*")) throw refuse("wildcards in private host names");
  }
}

interface RequestedDestinations {
  domain?: string | undefined;
  destinations?: Destination[] | undefined;
  self_hosted_domains?: string[] | undefined;
}

/** Resolves the protected destinations, which no other application may protect. @param id of this application */
export function resolveDestinations(call: CloudflareCall, requested: RequestedDestinations, id?: string) {
  const { account } = call;
  const named = requested.self_hosted_domains ?? (requested.domain === undefined ? [] : [requested.domain]);
  const destinations = requested.destinations ?? named.map((uri) => ({ type: "public" as const, uri }));
  const uris = destinations.flatMap((one) => (one.type === "public" ? [one.uri] : []));
  const [domain = uris[0] ?? ""] = [requested.domain];
  if (destinations.length === 0) throw invalidRequest("domain: required");
  if (domain !== "" && !uris.includes(domain)) throw invalidRequest("domain not included in destinations");
  for (const other of account.accessApplications.values()) {
    if (other.id === id) continue;
    if (domain !== "" && other.domain === domain)
      throw new CloudflareError(409, 11010, "access.api.error.application_already_exists");
    if (other.uris.some((uri) => uris.includes(uri))) {
      throw accessConflict("destination belongs to another application");
    }
  }
  refuseInvalidPrivate(call, destinations, id);
  return { domain, uris, destinations };
}

function refuseInvalidPrivate({ account, c }: CloudflareCall, requested: Destination[], id?: string): void {
  const owned = [...account.accessApplications.values()].filter((other) => other.id !== id);
  const taken = new Set(
    owned.flatMap((other) => other.destinations.map((one) => JSON.stringify(sortEntries(one)))),
  );
  for (const one of requested) {
    if (one.type === "public") continue;
    if (one.vnet_id !== undefined && !account.virtualNetworks.has(one.vnet_id)) {
      throw invalidRequest("destinations: virtual network not found");
    }
    if (taken.has(JSON.stringify(sortEntries(one)))) {
      throw cloudflareNotServed(c.req, "the same private destination in two applications");
    }
  }
}

const sortEntries = (one: Destination) => Object.entries(one).sort(([a], [b]) => a.localeCompare(b));
