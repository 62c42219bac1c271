import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";

/** The services that programs call. */
export type ApiService = "metadata" | "login" | "graph" | "cloudflare" | "scim";

/** A request that the twin answered. It never holds a secret: bodies and headers are not kept. */
export interface TwinRequest {
  /** `access` stands for team domains and protected applications. */
  service: ApiService | "access";
  method: string;
  path: string;
  /** Decoded query string without the question mark, secret values as `***`; empty when there is none. */
  query: string;
  /** 0 when a fault broke the connection. */
  status: number;
  /** Display name of the application, or name of the API token; absent when the caller was not recognized. */
  caller?: string;
  /** Ids of the faults that affected it. */
  faults?: string[];
}

/** The variables that the handlers of one request share. */
export interface TwinEnv {
  Variables: { caller?: string; faults?: string[] };
}

const SERVICES: [prefix: RegExp, service: ApiService][] = [
  [/^\/metadata\//, "metadata"],
  [/^\/(v1\.0|beta|oidc)(\/|$)/, "graph"],
  [/^\/client\/v4(\/|$)/, "cloudflare"],
  [/^\/populations(\/|$)/, "scim"],
];

/** Service, method and path of a request. */
export interface ApiCall {
  service: ApiService;
  method: string;
  path: string;
}

export function parseApiCall(c: Context<TwinEnv>): ApiCall {
  // Hono has decoded its path. Parsing takes long, and most paths have nothing to decode.
  const path = c.req.url.includes("%") ? new URL(c.req.url).pathname : c.req.path;
  const service = SERVICES.find(([prefix]) => prefix.test(path))?.[1] ?? "login";
  return { service, method: c.req.method, path };
}

/** Secret query parameters, whose values are not kept. */
const SECRET = ["access_token", "client_secret", "code", "id_token", "id_token_hint", "refresh_token"];

/** Appends every answered request to `log`. @param service default: derived from the path */
export function recordRequests(
  log: TwinRequest[],
  service?: TwinRequest["service"],
): MiddlewareHandler<TwinEnv> {
  return async (c, next) => {
    await next();
    const call = parseApiCall(c);
    const request: TwinRequest = {
      service: service ?? call.service,
      method: call.method,
      path: call.path,
      query: describeQuery(c.req.url),
      status: c.res === RESPONSE_ALREADY_SENT ? 0 : c.res.status,
    };
    const caller = c.get("caller");
    if (caller !== undefined) request.caller = caller;
    const faults = c.get("faults");
    if (faults !== undefined) request.faults = faults;
    log.push(request);
  };
}

function describeQuery(url: string): string {
  // Most requests have none, and parsing takes long.
  if (!url.includes("?")) return "";
  return [...new URL(url).searchParams]
    .map(([name, value]) => `${name}=${SECRET.includes(name) ? "***" : value}`)
    .join("&");
}

/** Sets the `Date` of responses to the twin's time. */
export function stampDate(clock: { now(): Date }): MiddlewareHandler<TwinEnv> {
  return async (c, next) => {
    await next();
    // Hono's own `header` would copy the response, which takes longer than everything else here.
    if (c.res !== RESPONSE_ALREADY_SENT) c.res.headers.set("date", clock.now().toUTCString());
  };
}
