import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";

/** The services that programs call. */
export type ApiService = "metadata" | "login" | "graph" | "cloudflare";

/** One request the twin answered. Never holds a secret: bodies and headers are not kept. */
export interface TwinRequest {
  /** `access` is the team domains and what Access protects. */
  service: ApiService | "access";
  method: string;
  path: string;
  /** Decoded query string without the question mark, secret values as `***`; empty when there is none. */
  query: string;
  /** 0 where the connection was broken instead of an answer. */
  status: number;
  /** Display name of the application, or name of the API token; absent when the caller was not recognised. */
  caller?: string;
  /** Ids of the faults that spoiled it. */
  faults?: string[];
}

/** What the handlers of one request share. */
export interface TwinEnv {
  Variables: { caller?: string; faults?: string[] };
}

const SERVICES: [prefix: RegExp, service: ApiService][] = [
  [/^\/metadata\//, "metadata"],
  [/^\/(v1\.0|beta|oidc)(\/|$)/, "graph"],
  [/^\/client\/v4(\/|$)/, "cloudflare"],
];

/** What a request asks of which service. */
export interface ApiCall {
  service: ApiService;
  method: string;
  path: string;
}

export function callOf(c: Context<TwinEnv>): ApiCall {
  const { pathname: path } = new URL(c.req.url);
  const service = SERVICES.find(([prefix]) => prefix.test(path))?.[1] ?? "login";
  return { service, method: c.req.method, path };
}

/** Parameters that let whoever has them act: their values are not kept. */
const SECRET = ["access_token", "client_secret", "code", "id_token", "id_token_hint", "refresh_token"];

/** Appends every answered request to `log`. @param service the one it is for; default: the path tells */
export function recordTo(log: TwinRequest[], service?: TwinRequest["service"]): MiddlewareHandler<TwinEnv> {
  return async (c, next) => {
    await next();
    const caller = c.get("caller");
    const faults = c.get("faults");
    log.push({
      ...callOf(c),
      ...(service === undefined ? {} : { service }),
      query: [...new URL(c.req.url).searchParams]
        .map(([name, value]) => `${name}=${SECRET.includes(name) ? "***" : value}`)
        .join("&"),
      status: c.res === RESPONSE_ALREADY_SENT ? 0 : c.res.status,
      ...(caller === undefined ? {} : { caller }),
      ...(faults === undefined ? {} : { faults }),
    });
  };
}

/** Answers carry the twin's own time, as those of the services carry theirs. */
export function dateBy(clock: { now(): Date }): MiddlewareHandler<TwinEnv> {
  return async (c, next) => {
    await next();
    if (c.res !== RESPONSE_ALREADY_SENT) c.header("date", clock.now().toUTCString());
  };
}
