import { Hono } from "hono";
import type { Store } from "../store/store";
import { forBrowser, realHost, type Served, servedAt } from "./names";
import type { TwinEnv } from "./requests";

type App = Pick<Hono<TwinEnv>, "fetch">;

/** What a browser meets, by the name it asks for; without an app, the name is answered 501. */
export interface BrowserApps extends Partial<Record<Served["service"], App>> {
  /** The twin's own page. */
  home?: App;
}

/** The twin for browsers: one port, told apart by name (`names.ts`). */
export function browserApp(store: Store, apps: BrowserApps): Hono<TwinEnv> {
  return new Hono<TwinEnv>().all("*", async (c) => {
    const { hostname } = new URL(c.req.url);
    const service = ["localhost", "127.0.0.1"].includes(hostname)
      ? "home"
      : servedAt(store, realHost(hostname) ?? "")?.service;
    if (!service) return c.text(`The twin serves nothing by the name ${hostname}.`, 404);
    const app = apps[service];
    if (!app) return c.text(`The twin does not serve ${c.req.method} ${c.req.path} of ${hostname}.`, 501);
    return forBrowser(store, await app.fetch(c.req.raw, c.env));
  });
}
