import type { z } from "zod";
import type { CloudflareCall } from "./call";
import { type CloudflareError, cloudflareNotServed, invalidRequest } from "./errors";

/** Fields of an answer that callers may send back unchanged, although only Access sets them. */
export interface Echo {
  shown: Record<string, unknown>;
  /** Names of such fields by section; `""` is the body itself. */
  readOnly: Record<string, string[]>;
}

/**
 * Validates the body of POST, PUT and PATCH.
 *
 * @param echo for PUT: Cloudflare's own examples send back the answer of GET, which is harmless
 * @param invalid creates the refusal of the product; default: Access
 * @throws CloudflareError 400 for what the product refuses, 501 for what the twin does not serve
 */
export function validateBody<Schema extends z.ZodType>(
  call: CloudflareCall,
  schema: Schema,
  sent: unknown,
  echo?: Echo,
  invalid: (why: string) => CloudflareError = invalidRequest,
): z.output<Schema> {
  const result = schema.safeParse(echo ? removeEchoes(call, sent, echo) : sent);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      // It is not documented if Access ignores or refuses unknown fields.
      throw cloudflareNotServed(call.c.req, `field ${[...issue.path, issue.keys[0]].join(".")}`);
    }
  }
  const [first] = result.error.issues;
  throw invalid(`${first?.path.join(".")}: ${first?.message}`);
}

/** Accepts null for "none", which the provider sends for settings that a program no longer has. */
export function clearable<T extends z.ZodType>(setting: T) {
  return setting
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();
}

function removeEchoes(call: CloudflareCall, sent: unknown, { shown, readOnly }: Echo): unknown {
  const strip = (value: unknown, was: unknown, section: string): unknown => {
    if (!isObject(value) || !isObject(was)) return value;
    const remaining = { ...value };
    for (const name of readOnly[section] ?? []) {
      if (!(name in remaining)) continue;
      if (remaining[name] !== was[name]) {
        throw cloudflareNotServed(call.c.req, `a new value for ${section}.${name}`);
      }
      delete remaining[name];
    }
    return remaining;
  };
  const top = strip(sent, shown, "");
  if (!isObject(top)) return top;
  for (const section of Object.keys(readOnly)) {
    if (section in top) top[section] = strip(top[section], shown[section], section);
  }
  return top;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
