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

/**
 * Points in an order of which every part is a fair sample: in each round one of every operation and effect, at requests
 * far apart; requests that write come first.
 */
export function roundsOf(requests: ReadonlyMap<Operation, readonly Request[]>): Point[][] {
  return [isWrite, (request: Request) => !isWrite(request)].flatMap((chosen) => {
    const lists = [...requests].map(([operation, all]) => [operation, all.filter(chosen)] as const);
    const rounds = Math.max(...lists.map(([, list]) => list.length));
    return Array.from({ length: rounds }, (_, round) =>
      lists.flatMap(([operation, list]) => (round < list.length ? effectsIn(operation, list, round) : [])),
    );
  });
}

function effectsIn(operation: Operation, list: readonly Request[], round: number): Point[] {
  return (Object.keys(EFFECTS) as Effect[]).flatMap((effect, index) => {
    const request = list[(round * strideOf(list.length) + index) % list.length];
    return request ? [{ operation, request, effect }] : [];
  });
}

/** About the golden section of it, and coprime to it: so all come, and neighbours late. */
function strideOf(length: number): number {
  let stride = Math.max(1, Math.round(length * 0.618));
  while (divisor(stride, length) > 1) stride += 1;
  return stride;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
/** Whether it changes a cloud. */
export const isWrite = ({ service, method }: Request) => service !== "login" && method !== "GET";

const graph = (method: string, path: string, occurrence = 1) =>
  ({ service: "graph", method, path: `/v1.0${path}`, occurrence }) as const;
const cloudflare = (method: string, path: string) =>
  ({ service: "cloudflare", method, path: `/client/v4/accounts/*/access${path}`, occurrence: 1 }) as const;

/** Points that once went wrong, or would be worst: each kind of write, lost before and after it took effect. */
export const SAMPLE: readonly Point[] = [
  { operation: "up", request: graph("POST", "/applications"), effect: "reset after" },
  { operation: "up", request: graph("PATCH", "/applications/*", 2), effect: "reset before" },
  { operation: "up", request: graph("POST", "/applications/*/addPassword"), effect: "kill" },
  { operation: "up", request: cloudflare("POST", "/identity_providers"), effect: "slow" },
  { operation: "rotate", request: graph("POST", "/applications/*/addPassword"), effect: "reset after" },
  { operation: "rotate", request: cloudflare("PUT", "/identity_providers/*"), effect: "kill" },
  { operation: "rotate", request: graph("POST", "/applications/*/removePassword"), effect: "500" },
  { operation: "destroy", request: cloudflare("DELETE", "/identity_providers/*"), effect: "reset after" },
  { operation: "destroy", request: graph("DELETE", "/applications/*"), effect: "kill" },
];
