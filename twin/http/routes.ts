import { type Context, Hono } from "hono";
import type { TwinEnv } from "./requests";

/** A call that a service of the twin serves. */
export interface Route<Arguments extends unknown[], Answer = Response> {
  /** Method and path as the clouds document them, for example `"GET /groups/{id}"`. */
  call: string;
  handle(...args: Arguments): Answer | Promise<Answer>;
}

/** A service of the twin: its routes, and what they have in common. */
export interface Service<R extends { call: string }> {
  routes: readonly R[];
  /** Returns the path that precedes the one of a route. Default: none. */
  getBasePath?(route: R): string;
  /** Checks a call, runs the route's handler and formats the answer. */
  serve(c: Context<TwinEnv>, route: R): Response | Promise<Response>;
  /** Answers a call that has no route. */
  refuse(c: Context<TwinEnv>): Response | Promise<Response>;
  /** The paths that belong to the service. Default: all. */
  ownPaths?: string[];
  /** Formats an error of the service; undefined for any other error, which the twin does not answer. */
  formatError?(error: Error, c: Context<TwinEnv>): Response | undefined;
}

/** Creates the app of a service from its table of routes. The first route that matches a call serves it. */
export function createServiceApp<R extends { call: string }>(service: Service<R>): Hono<TwinEnv> {
  const app = new Hono<TwinEnv>();
  for (const route of service.routes) {
    const [method = "", path] = route.call.split(" ");
    const template = `${service.getBasePath?.(route) ?? ""}${path}`.replace(/\{(\w+)\}/g, ":$1");
    app.on(method, template, (c) => service.serve(c, route));
  }
  for (const path of service.ownPaths ?? ["*"]) app.all(path, (c) => service.refuse(c));
  app.onError((error, c) => {
    const response = service.formatError?.(error, c);
    if (!response) throw error;
    return response;
  });
  return app;
}
