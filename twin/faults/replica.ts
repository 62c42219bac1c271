import type { Context } from "hono";
import { cloudflareApp } from "../cloudflare/app";
import { graphApp } from "../graph/app";
import type { TwinEnv } from "../http/requests";
import { copyOf } from "../store/contents";
import type { Store } from "../store/store";
import type { Effect } from "./fault";

const APPS = { graph: graphApp, cloudflare: cloudflareApp };

/** A second place of one service, which learns late what was written in the first. */
export class Replica {
  /** What it knows while it is behind; absent: it is up to date. */
  private behind: { store: Store; since: number; answers: number } | undefined;

  constructor(
    private readonly service: keyof typeof APPS,
    private readonly lag: Effect<"lag">,
    private readonly store: Store,
  ) {}

  /** Runs a write, which the replica does not learn of at once where it succeeds. */
  async missing(write: () => Promise<Response>): Promise<Response> {
    this.catchUpInTime();
    const before = this.behind ? undefined : copyOf(this.store);
    const answer = await write();
    if (before && !this.behind && answer.ok) {
      this.behind = { store: before, since: this.store.now().getTime(), answers: 0 };
    }
    return answer;
  }

  /** The answer that the replica gives where it is out of date, or undefined. */
  async outdated(c: Context<TwinEnv>, proceed: () => Promise<Response>): Promise<Response | undefined> {
    this.catchUpInTime();
    if (!this.behind) return undefined;
    // Asking copies, because a write must not take effect in either.
    const old = await this.ask(c, copyOf(this.behind.store));
    const differs =
      c.req.method === "GET"
        ? await isDifferent(old, await proceed())
        : !old.ok && (await this.ask(c, copyOf(this.store))).ok;
    if (!differs) return undefined;
    this.behind.answers++;
    if (this.behind.answers === this.lag.answers) this.behind = undefined;
    return old;
  }

  private catchUpInTime(): void {
    const { seconds } = this.lag;
    if (!this.behind || seconds === undefined) return;
    if (this.store.now().getTime() >= this.behind.since + seconds * 1000) this.behind = undefined;
  }

  private async ask(c: Context<TwinEnv>, store: Store): Promise<Response> {
    const { method, url } = c.req;
    const body = method === "GET" ? {} : { body: await c.req.text() };
    return APPS[this.service](store).fetch(new Request(url, { method, headers: c.req.header(), ...body }));
  }
}

/** Errors carry ids of their own, so of those only the status counts. */
async function isDifferent(one: Response, other: Response): Promise<boolean> {
  if (one.status !== other.status) return true;
  return one.ok && (await one.clone().text()) !== (await other.clone().text());
}
