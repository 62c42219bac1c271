import type { MiddlewareHandler } from "hono";

/** One request the twin answered. Never holds a secret: bodies and headers are not kept. */
export interface TwinRequest {
  service: "metadata" | "login" | "graph" | "cloudflare";
  method: string;
  path: string;
  /** Decoded query string without the question mark; empty when there is none. */
  query: string;
  status: number;
  /** Display name of the application, or name of the API token; absent when the caller was not recognised. */
  caller?: string;
}

/** What the handlers of one request share. */
export interface TwinEnv {
  Variables: { caller?: string };
}

const SERVICES: [prefix: RegExp, service: TwinRequest["service"]][] = [
  [/^\/metadata\//, "metadata"],
  [/^\/(v1\.0|beta)(\/|$)/, "graph"],
  [/^\/client\/v4(\/|$)/, "cloudflare"],
];

/** Appends every answered request to `log`. */
export function recordTo(log: TwinRequest[]): MiddlewareHandler<TwinEnv> {
  return async (c, next) => {
    await next();
    const url = new URL(c.req.url);
    const caller = c.get("caller");
    log.push({
      service: SERVICES.find(([prefix]) => prefix.test(url.pathname))?.[1] ?? "login",
      method: c.req.method,
      path: url.pathname,
      query: [...url.searchParams].map(([name, value]) => `${name}=${value}`).join("&"),
      status: c.res.status,
      ...(caller === undefined ? {} : { caller }),
    });
  };
}
