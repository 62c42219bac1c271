import type { Fault, TwinRequest } from "../../twin/index";

type Service = NonNullable<Fault["on"]["service"]>;

/** What is interrupted: the first `up` of a stack, a rotation whose old secret goes at once, the end of a stack. */
export const OPERATIONS = ["up", "rotate", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One request of an operation: which calls are like it, and which of them it is. */
export interface Request {
  readonly service: Service;
  readonly method: string;
  /** Ids as `*`. */
  readonly path: string;
  readonly occurrence: number;
}

/** What happens to a request. */
export const EFFECTS = {
  "429": { kind: "error", status: 429 },
  "500": { kind: "error", status: 500 },
  "reset before": { kind: "reset", when: "before" },
  "reset after": { kind: "reset", when: "after" },
  /** Took effect; the answer never comes. */
  slow: { kind: "hold", when: "after" },
  /** Took effect; the engine dies before the answer. */
  kill: { kind: "hold", when: "after" },
} as const satisfies Record<string, Fault["effect"]>;
export type Effect = keyof typeof EFFECTS;

/** One thing that goes wrong once, at one moment of one operation. */
export interface Point {
  readonly operation: Operation;
  readonly request: Request;
  readonly effect: Effect;
}

/** The requests of a run that went well, each as a fault can point at it. */
export function requestsIn(log: readonly TwinRequest[]): Request[] {
  const seen = new Map<string, number>();
  return log.map(({ service, method, path }) => {
    const pattern = path.replace(/(?<=\/)([0-9a-f-]{32,36}|[\w-]{43})(?=\/|$)/g, "*");
    const key = `${service} ${method} ${pattern}`;
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    // People in browsers are the only ones who ask Access.
    return { service: service as Service, method, path: pattern, occurrence };
  });
}

export function faultAt({ request: { service, method, path, occurrence }, effect }: Point): Fault {
  const on = { service, method: method as "GET", path };
  return { on, count: { only: occurrence }, effect: EFFECTS[effect] };
}

export function nameOf({ operation, request: { service, method, path, occurrence }, effect }: Point): string {
  return `${operation}: ${effect} at ${service} ${method} ${path} (${occurrence})`;
}
