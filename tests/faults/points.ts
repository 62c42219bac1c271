import type { Fault, TwinRequest } from "../../twin/index";

type Service = NonNullable<Fault["on"]["service"]>;

/**
 * The interrupted operations: the first `up`, an update of every type of resource, a rotation that deletes the old secret
 * at once, and `destroy`.
 */
export const OPERATIONS = ["up", "update", "rotate", "destroy"] as const;
export type InterruptedOperation = (typeof OPERATIONS)[number];

/** A request of an operation: a pattern of calls, and the number among the matching ones. */
export interface PointRequest {
  readonly service: Service;
  readonly method: string;
  /** Path with ids replaced by `*`. */
  readonly path: string;
  readonly occurrence: number;
}

/** The effects on a request. */
export const POINT_EFFECTS = {
  "429": { kind: "error", status: 429 },
  "500": { kind: "error", status: 500 },
  "reset before": { kind: "reset", when: "before" },
  "reset after": { kind: "reset", when: "after" },
  /** Takes effect, but the answer never arrives. */
  slow: { kind: "hold", when: "after" },
  /** Takes effect, but the engine is killed before the answer. */
  kill: { kind: "hold", when: "after" },
} as const satisfies Record<string, Fault["effect"]>;
export type PointEffect = keyof typeof POINT_EFFECTS;

/** A single fault at one request of an operation. */
export interface Point {
  readonly operation: InterruptedOperation;
  readonly request: PointRequest;
  readonly effect: PointEffect;
}

/** Lists the requests of a successful run as patterns for faults. */
export function listRequests(log: readonly TwinRequest[]): PointRequest[] {
  const seen = new Map<string, number>();
  return log.map(({ service, method, path }) => {
    const pattern = path.replace(/(?<=\/)([0-9a-f-]{32,36}|[\w-]{43}|scim\.[0-9a-f.-]+)(?=\/|$)/g, "*");
    const key = `${service} ${method} ${pattern}`;
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    // Only browsers send requests to Access.
    return { service: service as Service, method, path: pattern, occurrence };
  });
}

export function createFault({ request: { service, method, path, occurrence }, effect }: Point): Fault {
  const on = { service, method: method as "GET", path };
  return { on, count: { only: occurrence }, effect: POINT_EFFECTS[effect] };
}

export function formatPoint({
  operation,
  request: { service, method, path, occurrence },
  effect,
}: Point): string {
  return `${operation}: ${effect} at ${service} ${method} ${path} (${occurrence})`;
}

/**
 * Orders the points so that every part is a fair sample: each round has one point per operation and effect, at requests
 * far apart; writing requests come first.
 */
export function planRounds(requests: ReadonlyMap<InterruptedOperation, readonly PointRequest[]>): Point[][] {
  return [isWrite, (request: PointRequest) => !isWrite(request)].flatMap((chosen) => {
    const lists = [...requests].map(([operation, all]) => [operation, all.filter(chosen)] as const);
    const rounds = Math.max(...lists.map(([, list]) => list.length));
    return Array.from({ length: rounds }, (_, round) =>
      lists.flatMap(([operation, list]) => (round < list.length ? planEffects(operation, list, round) : [])),
    );
  });
}

function planEffects(operation: InterruptedOperation, list: readonly PointRequest[], round: number): Point[] {
  return (Object.keys(POINT_EFFECTS) as PointEffect[]).flatMap((effect, index) => {
    const request = list[(round * chooseStride(list.length) + index) % list.length];
    return request ? [{ operation, request, effect }] : [];
  });
}

/** Chooses a stride near the golden ratio and coprime to the length, so that all points occur and neighbors late. */
function chooseStride(length: number): number {
  let stride = Math.max(1, Math.round(length * 0.618));
  while (findCommonDivisor(stride, length) > 1) stride += 1;
  return stride;
}

const findCommonDivisor = (a: number, b: number): number => (b === 0 ? a : findCommonDivisor(b, a % b));
/** Tells if a request changes a cloud. */
export const isWrite = ({ service, method }: PointRequest) => service !== "login" && method !== "GET";

const graph = (method: string, path: string, occurrence = 1) =>
  ({ service: "graph", method, path: `/v1.0${path}`, occurrence }) as const;
const cloudflare = (method: string, path: string) =>
  ({ service: "cloudflare", method, path: `/client/v4/accounts/*/access${path}`, occurrence: 1 }) as const;

/**
 * Points that failed once, or are most critical: each kind of write, lost before and after it takes effect. Those of the
 * first `up` that tests/stack/recovery has by themselves are not among them.
 */
export const SAMPLE: readonly Point[] = [
  { operation: "up", request: graph("PATCH", "/applications/*", 2), effect: "reset before" },
  { operation: "up", request: cloudflare("POST", "/identity_providers"), effect: "slow" },
  { operation: "rotate", request: graph("POST", "/applications/*/addPassword"), effect: "reset after" },
  { operation: "rotate", request: cloudflare("PUT", "/identity_providers/*"), effect: "kill" },
  { operation: "rotate", request: graph("POST", "/applications/*/removePassword"), effect: "500" },
  { operation: "destroy", request: cloudflare("DELETE", "/identity_providers/*"), effect: "reset after" },
  { operation: "destroy", request: graph("DELETE", "/applications/*"), effect: "kill" },
];
