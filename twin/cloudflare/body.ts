import type { z } from "zod";
import type { Call } from "./call";
import { type CloudflareError, invalidRequest, notServed } from "./errors";

/** What an answer showed, of which a caller may send back unchanged what only Access sets. */
export interface Echo {
  shown: Record<string, unknown>;
  /** Names of such fields, by the section they are in; `""` is the body itself. */
  readOnly: Record<string, string[]>;
}

/**
 * Checks the body of POST, PUT and PATCH.
 *
 * @param echo given for PUT: Cloudflare's own examples send back what GET showed, which is harmless
 * @param invalid the refusal of the product; default: that of Access
 * @throws CloudflareError 400 for what the product refuses, 501 for what the twin cannot judge
 */
export function checkedBody<Schema extends z.ZodType>(
  call: Call,
  schema: Schema,
  sent: unknown,
  echo?: Echo,
  invalid: (why: string) => CloudflareError = invalidRequest,
): z.output<Schema> {
  const result = schema.safeParse(echo ? withoutEchoes(call, sent, echo) : sent);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      // Whether Access ignores or refuses what it does not know is not documented.
      throw notServed(
        call.c.req.method,
        call.c.req.path,
        `field ${[...issue.path, issue.keys[0]].join(".")}`,
      );
    }
  }
  const [first] = result.error.issues;
  throw invalid(`${first?.path.join(".")}: ${first?.message}`);
}

/** Null stands for "none": so the provider takes back what a program no longer sets. */
export function clearable<T extends z.ZodType>(setting: T) {
  return setting
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();
}

function withoutEchoes(call: Call, sent: unknown, { shown, readOnly }: Echo): unknown {
  const strip = (value: unknown, was: unknown, section: string): unknown => {
    if (!isObject(value) || !isObject(was)) return value;
    const kept = { ...value };
    for (const name of readOnly[section] ?? []) {
      if (!(name in kept)) continue;
      if (kept[name] !== was[name]) {
        throw notServed(call.c.req.method, call.c.req.path, `a new value for ${section}.${name}`);
      }
      delete kept[name];
    }
    return kept;
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
