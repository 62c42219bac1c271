import type { Context, MiddlewareHandler } from "hono";
import type { Clock } from "../clock";
import { parseApiCall, type TwinEnv } from "../http/requests";
import { parseInput } from "../input";
import type { Store } from "../store/store";
import { EFFECT_HANDLERS, type FaultContext } from "./effects";
import { type ActiveFault, type Fault, type FaultEffect, faultSchema, matchesCall } from "./fault";
import { Holds } from "./holds";
import { type RateLimit, TenantRateLimit, TokenRateLimit } from "./rate-limit";
import { Replica } from "./replica";

interface Entry {
  id: string;
  fault: Fault;
  matched: number;
  used: number;
  holds: Holds;
  replica: Replica | undefined;
  rateLimit: RateLimit | undefined;
}

/** The active faults. When several match a call, they apply in the order in which they were added. */
export class Faults {
  private entries: Entry[] = [];
  private lastNumber = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** All active faults in order, with their counters. */
  get list(): ActiveFault[] {
    return this.entries.map(toActiveFault);
  }

  /** @throws InvalidInput, with every problem of `fault` */
  add(fault: Fault): ActiveFault {
    const { effect } = parseInput(faultSchema, fault, "fault");
    this.lastNumber++;
    const service = fault.on.service === "cloudflare" ? "cloudflare" : "graph";
    const entry: Entry = {
      id: `fault-${this.lastNumber}`,
      fault: structuredClone(fault),
      matched: 0,
      used: 0,
      holds: new Holds(this.clock),
      replica: effect.kind === "lag" ? new Replica(service, effect, this.store) : undefined,
      rateLimit: effect.kind === "rateLimit" ? createRateLimit(service, effect.limit) : undefined,
    };
    this.entries.push(entry);
    return toActiveFault(entry);
  }

  /** Removes a fault and releases the calls it holds. @returns true if there was such a fault */
  remove(id: string): boolean {
    this.release(id);
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  /** Removes all faults. */
  clear(): void {
    for (const { id } of this.entries) this.remove(id);
  }

  /** Releases held calls. @param id of a fault; default: all faults @returns the number of calls */
  release(id?: string): number {
    const chosen = this.entries.filter((entry) => id === undefined || entry.id === id);
    return chosen.reduce((sum, { holds }) => sum + holds.release(), 0);
  }

  /**
   * Resolves as soon as this fault holds a call.
   *
   * @param running makes the call
   * @throws Error when `running` ends before, RangeError when there is no such fault
   */
  async waitUntilHeld(id: string, running: Promise<unknown>): Promise<void> {
    const entry = this.entries.find((each) => each.id === id);
    if (!entry) throw new RangeError(`unknown fault ${id}`);
    const fail = (cause?: unknown) => {
      const how = cause instanceof Error ? `failed: ${cause.message}` : "ended";
      throw new Error(`${id} must hold a call before the run ends; the run ${how}`, { cause });
    };
    await Promise.race([entry.holds.waitForFirst(), running.then(() => fail(), fail)]);
  }

  /** Applies the active faults to each request. */
  readonly middleware: MiddlewareHandler<TwinEnv> = async (c, next) => {
    if (this.entries.length === 0) return next();
    const answer = await this.withReplicas(c, () => this.runFaults(c, [...this.entries], next));
    // Otherwise Hono copies the headers of the replaced answer.
    c.res = undefined;
    c.res = answer;
  };

  /** Lets replicas miss a write, even if their fault does not match the write itself. */
  private withReplicas(c: Context<TwinEnv>, run: () => Promise<Response>): Promise<Response> {
    const call = parseApiCall(c);
    if (call.method === "GET") return run();
    return this.entries
      .filter(({ fault }) => fault.on.service === call.service)
      .reduce((inner, { replica }) => (replica ? () => replica.runMissedWrite(inner) : inner), run)();
  }

  private async runFaults(
    c: Context<TwinEnv>,
    [entry, ...rest]: Entry[],
    next: () => Promise<void>,
  ): Promise<Response> {
    if (!entry) {
      await next();
      return c.res;
    }
    const proceed = () => this.runFaults(c, rest, next);
    const call = parseApiCall(c);
    if (!matchesCall(entry.fault.on, call)) return proceed();
    entry.matched++;
    if (!isDue(entry)) return proceed();
    const use = () => {
      entry.used++;
      c.set("faults", [...(c.get("faults") ?? []), entry.id]);
    };
    return applyEffect({ ...entry, c, call, clock: this.clock, use, proceed }, entry.fault.effect);
  }
}

/** Creates a limit with the number that the service documents, unless another is given. */
function createRateLimit(service: "cloudflare" | "graph", limit: number | undefined): RateLimit {
  return service === "cloudflare" ? new TokenRateLimit(limit ?? 1200) : new TenantRateLimit(limit ?? 1);
}

function applyEffect<Kind extends Fault["effect"]["kind"]>(
  hit: FaultContext,
  effect: Fault["effect"] & { kind: Kind },
) {
  return EFFECT_HANDLERS[effect.kind](effect as unknown as FaultEffect<Kind>, hit);
}

function isDue({ fault: { count }, matched }: Entry): boolean {
  if (!count) return true;
  if ("only" in count) return matched === count.only;
  return "first" in count ? matched <= count.first : matched % count.every === 0;
}

function toActiveFault({ id, fault, matched, used, holds }: Entry): ActiveFault {
  return { id, fault, matched, used, held: holds.count };
}
