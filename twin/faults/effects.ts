import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { Clock } from "../clock";
import type { ApiCall, TwinEnv } from "../http/requests";
import { ERROR_BODIES } from "./errors";
import type { Effect, Fault } from "./fault";
import type { Holds } from "./holds";
import type { RateLimit } from "./rate-limit";
import type { Replica } from "./replica";

/** A call that a fault may spoil, and what the fault needs to do it. */
export interface Hit {
  c: Context<TwinEnv>;
  call: ApiCall;
  clock: Clock;
  holds: Holds;
  replica: Replica | undefined;
  rateLimit: RateLimit | undefined;
  /** Notes that the call went wrong because of this fault. */
  use(): void;
  /** Goes on, to further faults and then to the service. */
  proceed(): Promise<Response>;
}

type Kind = Fault["effect"]["kind"];

/** What each kind of fault does to a call. */
export const EFFECTS: { [K in Kind]: (effect: Effect<K>, hit: Hit) => Promise<Response> } = {
  async error({ status, retryAfter }, { c, call, clock, use }) {
    use();
    const clientRequestId = c.req.header("client-request-id");
    const body = ERROR_BODIES[call.service](status, { path: call.path, clientRequestId, now: clock.now() });
    const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    return Response.json(body, { status, headers });
  },

  async reset({ when }, { c, use, proceed }) {
    if (when === "after") await proceed();
    use();
    (c.env as HttpBindings).incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  },

  async hold({ when, seconds }, { holds, use, proceed }) {
    const answer = when === "after" ? await proceed() : undefined;
    use();
    await holds.wait(seconds);
    return answer ?? proceed();
  },

  async lag(_effect, { c, replica, use, proceed }) {
    let passed: Promise<Response> | undefined;
    const once = () => {
      passed ??= proceed();
      return passed;
    };
    const outdated = await replica?.outdated(c, once);
    if (outdated) use();
    return outdated ?? once();
  },

  async rateLimit(_effect, { c, clock, rateLimit, use, proceed }) {
    const caller = c.req.header("authorization") ?? "";
    const refusal = rateLimit?.take(caller, clock.now().getTime());
    if (refusal) use();
    const answer = refusal ?? (await proceed());
    for (const [name, value] of Object.entries(rateLimit?.headers(caller) ?? {})) {
      answer.headers.set(name, value);
    }
    return answer;
  },
};
