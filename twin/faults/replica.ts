import type { Context } from "hono";
import { createCloudflareApp } from "../cloudflare/app";
import { createGraphApp } from "../graph/app";
import type { TwinEnv } from "../http/requests";
import { copyStore } from "../store/contents";
import type { Store } from "../store/store";
import type { FaultEffect } from "./fault";

const APPS = { graph: createGraphApp, cloudflare: createCloudflareApp };

/** A replica of a service that receives writes late. */
export class Replica {
  /** The stale contents; absent while the replica is up to date. */
  private behind: { store: Store; since: number; answers: number } | undefined;

  constructor(
    private readonly service: keyof typeof APPS,
    private readonly lag: FaultEffect<"lag">,
    private readonly store: Store,
  ) {}

  /** Runs a write that the replica misses if it succeeds. */
  async runMissedWrite(write: () => Promise<Response>): Promise<Response> {
    this.catchUpInTime();
    const before = this.behind ? undefined : copyStore(this.store);
    const answer = await write();
    if (before && !this.behind && answer.ok) {
      this.behind = { store: before, since: this.store.now().getTime(), answers: 0 };
    }
    return answer;
  }

  /** Returns the replica's answer if it differs from the current one because the replica is stale. */
  async answerIfOutdated(
    c: Context<TwinEnv>,
    proceed: () => Promise<Response>,
  ): Promise<Response | undefined> {
    this.catchUpInTime();
    if (!this.behind) return undefined;
    // Requests go to copies, because a write must not take effect in either store.
    const old = await this.send(c, copyStore(this.behind.store));
    const differs =
      c.req.method === "GET"
        ? await isDifferent(old, await proceed())
        : !old.ok && (await this.send(c, copyStore(this.store))).ok;
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

  private async send(c: Context<TwinEnv>, store: Store): Promise<Response> {
    const { method, url } = c.req;
    const body = method === "GET" ? {} : { body: await c.req.text() };
    return APPS[this.service](store).fetch(new Request(url, { method, headers: c.req.header(), ...body }));
  }
}

/** Compares two answers; of errors only the status, because their bodies have unique ids. */
async function isDifferent(one: Response, other: Response): Promise<boolean> {
  if (one.status !== other.status) return true;
  return one.ok && (await one.clone().text()) !== (await other.clone().text());
}
