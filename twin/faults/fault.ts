import { z } from "zod";

const positive = z.int().positive();

/** `before` the call reaches the service, or `after` it took effect, so that only the answer is missing. */
const when = z.enum(["before", "after"]);

const effects = z.discriminatedUnion("kind", [
  /** An error in the envelope of the service; `retryAfter` in seconds, for 429 and 503. */
  z.strictObject({
    kind: z.literal("error"),
    status: z.literal([404, 429, 500, 502, 503, 504]),
    retryAfter: z.int().nonnegative().exactOptional(),
  }),
  /** The connection breaks. */
  z.strictObject({ kind: z.literal("reset"), when }),
  /**
   * The answer waits until it is released or `seconds` pass on the twin's clock or in real time. Without `seconds` it
   * waits until it is released.
   */
  z.strictObject({ kind: z.literal("hold"), when, seconds: z.number().positive().exactOptional() }),
  /**
   * A stale replica answers: created objects are 404, changed ones are old, deleted ones still exist. It catches up
   * after `answers` stale answers, or `seconds` after the first missed write on the twin's clock, whichever is first.
   */
  z.strictObject({
    kind: z.literal("lag"),
    answers: positive.exactOptional(),
    seconds: z.number().positive().exactOptional(),
  }),
  /**
   * The limit of a service. Cloudflare's per token: after more than `limit` requests (1200) in five minutes, all are
   * refused for five minutes: https://developers.cloudflare.com/fundamentals/api/reference/limits/. Microsoft Graph's per
   * tenant and second: `limit` requests (1, as for Conditional Access): https://learn.microsoft.com/graph/throttling-limits
   */
  z.strictObject({ kind: z.literal("rateLimit"), limit: positive.exactOptional() }),
]);

const pattern = z
  .strictObject({
    service: z.enum(["metadata", "login", "graph", "cloudflare", "scim"]),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    /** Path without query; `*` matches within a segment, `**` across segments: `/v1.0/applications/*`. */
    path: z.string().startsWith("/"),
  })
  .partial();

/** An injected fault: the calls it matches, how many of them it affects, and its effect. */
export const faultSchema = z
  .strictObject({
    /** All given members must match. */
    on: pattern,
    /** Affects the `first` n matching calls, `every` nth of them, or `only` the nth. Default: all. */
    count: z
      .union([
        z.strictObject({ first: positive }),
        z.strictObject({ every: positive }),
        z.strictObject({ only: positive }),
      ])
      .exactOptional(),
    effect: effects,
  })
  .superRefine(({ on, count, effect }, context) => {
    const refuse = (message: string, ...path: string[]) =>
      context.addIssue({ code: "custom", message, path });
    const ofApi = on.service === "graph" || on.service === "cloudflare";
    if (effect.kind === "error") {
      if (effect.status === 404 && !ofApi)
        refuse("must be graph or cloudflare for status 404", "on", "service");
      if (effect.retryAfter !== undefined && ![429, 503].includes(effect.status)) {
        refuse("is only allowed with status 429 or 503", "effect", "retryAfter");
      }
    }
    if (effect.kind === "lag") {
      if (!ofApi) refuse("must be graph or cloudflare for effect lag", "on", "service");
      if (effect.answers === undefined && effect.seconds === undefined) {
        refuse("must have answers, seconds or both", "effect");
      }
    }
    if (effect.kind === "rateLimit" && !ofApi) {
      refuse("must be graph or cloudflare for effect rateLimit", "on", "service");
    }
    if (count && (effect.kind === "lag" || effect.kind === "rateLimit")) {
      refuse(`is not allowed with effect ${effect.kind}`, "count");
    }
  });

/** A fault as given in a seed, to {@link Faults.add} or to the control API. */
export type Fault = z.input<typeof faultSchema>;

export type FaultEffect<Kind extends Fault["effect"]["kind"]> = Extract<
  z.output<typeof effects>,
  { kind: Kind }
>;

/** An active fault with its counters. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Calls that matched. */
  readonly matched: number;
  /** Calls that it affected. */
  readonly used: number;
  /** Calls that wait to be released. */
  readonly held: number;
}

/** Tells if the pattern of a fault matches a call. */
export function matchesCall(
  on: Fault["on"],
  call: { service: string; method: string; path: string },
): boolean {
  return (
    (on.service === undefined || on.service === call.service) &&
    (on.method === undefined || on.method === call.method) &&
    (on.path === undefined || globToRegExp(on.path).test(call.path))
  );
}

function globToRegExp(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*?)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
