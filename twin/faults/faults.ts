import type { Context, MiddlewareHandler } from "hono";
import type { Clock } from "../clock";
import { callOf, type TwinEnv } from "../http/requests";
import { checked } from "../input";
import type { Store } from "../store/store";
import { EFFECTS, type Hit } from "./effects";
import { type ActiveFault, type Effect, type Fault, faultSchema, matches } from "./fault";
import { Holds } from "./holds";
import { RateLimit } from "./rate-limit";
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

/** The faults that are set. Where several match a call, the first that was set has the first go at it. */
export class Faults {
  private entries: Entry[] = [];
  private made = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** All that are set, in order, with what they have done. */
  get list(): ActiveFault[] {
    return this.entries.map(shown);
  }

  /** @throws InvalidInput, with every problem of `fault` */
  add(fault: Fault): ActiveFault {
    const { effect } = checked(faultSchema, fault, "fault");
    this.made++;
    const service = fault.on.service === "cloudflare" ? "cloudflare" : "graph";
    const entry: Entry = {
      id: `fault-${this.made}`,
      fault: structuredClone(fault),
      matched: 0,
      used: 0,
      holds: new Holds(this.clock),
      replica: effect.kind === "lag" ? new Replica(service, effect, this.store) : undefined,
      rateLimit: effect.kind === "rateLimit" ? new RateLimit(effect.limit) : undefined,
    };
    this.entries.push(entry);
    return shown(entry);
  }

  /** Takes one back and releases what it holds. @returns whether there was one */
  remove(id: string): boolean {
    this.release(id);
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  /** Takes all back. */
  clear(): void {
    for (const { id } of this.entries) this.remove(id);
  }

  /** Lets held calls go on. @param id of one fault; default: of all @returns how many calls */
  release(id?: string): number {
    const chosen = this.entries.filter((entry) => id === undefined || entry.id === id);
    return chosen.reduce((sum, { holds }) => sum + holds.release(), 0);
  }

  /** Resolves as soon as this fault holds a call. @throws RangeError when it is not set */
  async held(id: string): Promise<void> {
    const entry = this.entries.find((each) => each.id === id);
    if (!entry) throw new RangeError(`no fault ${id}`);
    await entry.holds.some();
  }

  /** Spoils what it is told to spoil. */
  readonly middleware: MiddlewareHandler<TwinEnv> = async (c, next) => {
    if (this.entries.length === 0) return next();
    const answer = await this.observed(c, () => this.pass(c, [...this.entries], next));
    // Hono would copy the headers of the answer that is replaced.
    c.res = undefined;
    c.res = answer;
  };

  /** Lets replicas miss writes, whether or not their fault means the write itself. */
  private observed(c: Context<TwinEnv>, run: () => Promise<Response>): Promise<Response> {
    const call = callOf(c);
    if (call.method === "GET") return run();
    return this.entries
      .filter(({ fault }) => fault.on.service === call.service)
      .reduce((inner, { replica }) => (replica ? () => replica.missing(inner) : inner), run)();
  }

  private async pass(
    c: Context<TwinEnv>,
    [entry, ...rest]: Entry[],
    next: () => Promise<void>,
  ): Promise<Response> {
    if (!entry) {
      await next();
      return c.res;
    }
    const proceed = () => this.pass(c, rest, next);
    const call = callOf(c);
    if (!matches(entry.fault.on, call)) return proceed();
    entry.matched++;
    if (!due(entry)) return proceed();
    const use = () => {
      entry.used++;
      c.set("faults", [...(c.get("faults") ?? []), entry.id]);
    };
    return apply({ ...entry, c, call, clock: this.clock, use, proceed }, entry.fault.effect);
  }
}

function apply<Kind extends Fault["effect"]["kind"]>(hit: Hit, effect: Fault["effect"] & { kind: Kind }) {
  return EFFECTS[effect.kind](effect as unknown as Effect<Kind>, hit);
}

function due({ fault: { count }, matched }: Entry): boolean {
  if (!count) return true;
  if ("only" in count) return matched === count.only;
  return "first" in count ? matched <= count.first : matched % count.every === 0;
}

function shown({ id, fault, matched, used, holds }: Entry): ActiveFault {
  return { id, fault, matched, used, held: holds.count };
}
