import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { Clock } from "../clock";
import type { ApiCall, TwinEnv } from "../http/requests";
import { ERROR_BODIES } from "./errors";
import type { Fault, FaultEffect } from "./fault";
import type { Holds } from "./holds";
import type { RateLimit } from "./rate-limit";
import type { Replica } from "./replica";

/** A call that a fault applies to, and what its effect needs. */
export interface FaultContext {
  c: Context<TwinEnv>;
  call: ApiCall;
  clock: Clock;
  holds: Holds;
  replica: Replica | undefined;
  rateLimit: RateLimit | undefined;
  /** Records that the fault affected the call. */
  use(): void;
  /** Continues with further faults and then the service. */
  proceed(): Promise<Response>;
}

type EffectKind = Fault["effect"]["kind"];

/** The handler of each kind of effect. */
export const EFFECT_HANDLERS: {
  [K in EffectKind]: (effect: FaultEffect<K>, hit: FaultContext) => Promise<Response>;
} = {
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
    const outdated = await replica?.answerIfOutdated(c, once);
    if (outdated) use();
    return outdated ?? once();
  },

  async rateLimit(_effect, { c, call, clock, rateLimit, use, proceed }) {
    const token = c.req.header("authorization") ?? "";
    const caller = call.service === "graph" ? readTenantId(token) : token;
    const refusal = rateLimit?.take(caller, clock.now().getTime());
    if (refusal) use();
    const answer = refusal ?? (await proceed());
    for (const [name, value] of Object.entries(rateLimit?.headers(caller) ?? {})) {
      answer.headers.set(name, value);
    }
    return answer;
  },
};

/** Reads the tenant from an access token, which the service verifies. */
function readTenantId(authorization: string): string {
  const [, payload = ""] = authorization.split(".");
  try {
    return String(JSON.parse(Buffer.from(payload, "base64url").toString()).tid);
  } catch {
    return "";
  }
}
