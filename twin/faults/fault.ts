import { z } from "zod";

const positive = z.int().positive();

/** `before` the call reached the service, or `after` it took effect and only the answer is missing. */
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
   * No answer until it is released, the clock reaches `seconds` later, or as many seconds really pass.
   * Without `seconds`: until it is released.
   */
  z.strictObject({ kind: z.literal("hold"), when, seconds: z.number().positive().exactOptional() }),
  /**
   * A replica that does not know the writes since it last caught up: what was made is 404 there, what was changed is
   * old, what was deleted still there. It catches up after so many `answers` that were out of date, or so many
   * `seconds` on the twin's clock after the first write it missed, whichever comes first.
   */
  z.strictObject({
    kind: z.literal("lag"),
    answers: positive.exactOptional(),
    seconds: z.number().positive().exactOptional(),
  }),
  /**
   * Cloudflare's limit for each token: more than `limit` requests in five minutes and every one is refused for the
   * next five. https://developers.cloudflare.com/fundamentals/api/reference/limits/
   */
  z.strictObject({ kind: z.literal("rateLimit"), limit: positive.default(1200) }),
]);

const pattern = z
  .strictObject({
    service: z.enum(["metadata", "login", "graph", "cloudflare"]),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    /** `*` is anything within a segment, `**` anything at all: `/v1.0/applications/*`. Without the query. */
    path: z.string().startsWith("/"),
  })
  .partial();

/** Something that goes wrong on purpose: which calls, how many of them, and what happens. */
export const faultSchema = z
  .strictObject({
    /** All that is given has to match. */
    on: pattern,
    /** The first so many calls that match, every so-many-th of them, or only that one. Default: all. */
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
      if (effect.status === 404 && !ofApi) refuse("404 needs service graph or cloudflare", "on", "service");
      if (effect.retryAfter !== undefined && ![429, 503].includes(effect.status)) {
        refuse("only 429 and 503 carry Retry-After", "effect", "retryAfter");
      }
    }
    if (effect.kind === "lag") {
      if (!ofApi) refuse("lag needs service graph or cloudflare", "on", "service");
      if (effect.answers === undefined && effect.seconds === undefined) {
        refuse("lag ends after answers, seconds or both", "effect");
      }
    }
    if (effect.kind === "rateLimit" && on.service !== "cloudflare") {
      refuse("the rate limit is Cloudflare's: needs service cloudflare", "on", "service");
    }
    if (count && (effect.kind === "lag" || effect.kind === "rateLimit")) {
      refuse(`${effect.kind} counts by itself`, "count");
    }
  });

/** As it is written: in the seed, to {@link Faults.add}, to the control API. */
export type Fault = z.input<typeof faultSchema>;

export type Effect<Kind extends Fault["effect"]["kind"]> = Extract<z.output<typeof effects>, { kind: Kind }>;

/** A fault that is set, and what it has done. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Calls that matched. */
  readonly matched: number;
  /** Calls that went wrong because of it. */
  readonly used: number;
  /** Calls that wait to be released. */
  readonly held: number;
}

/** Whether the pattern of a fault means this call. */
export function matches(on: Fault["on"], call: { service: string; method: string; path: string }): boolean {
  return (
    (on.service === undefined || on.service === call.service) &&
    (on.method === undefined || on.method === call.method) &&
    (on.path === undefined || glob(on.path).test(call.path))
  );
}

function glob(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*?)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
