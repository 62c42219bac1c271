import { Hono } from "hono";
import type { Store } from "../store/store";
import { findServedHost, parseRealHost, rewriteForBrowser, type ServedHost } from "./names";
import type { TwinEnv } from "./requests";

type App = Pick<Hono<TwinEnv>, "fetch">;

/** The apps for browsers, by service; a service without an app is answered 501. */
export interface BrowserApps extends Partial<Record<ServedHost["service"], App>> {
  /** The twin's own page. */
  home?: App;
}

/** Creates the app for browsers, which selects the service by host name on a single port (see `names.ts`). */
export function createBrowserApp(store: Store, apps: BrowserApps): Hono<TwinEnv> {
  return new Hono<TwinEnv>().all("*", async (c) => {
    const { hostname } = new URL(c.req.url);
    const service = ["localhost", "127.0.0.1"].includes(hostname)
      ? "home"
      : findServedHost(store, parseRealHost(hostname) ?? "")?.service;
    if (!service) return c.text(`The twin serves nothing under the host name ${hostname}.`, 404);
    const app = apps[service];
    if (!app) return c.text(`The twin does not serve ${c.req.method} ${c.req.path} of ${hostname}.`, 501);
    return rewriteForBrowser(store, await app.fetch(c.req.raw, c.env));
  });
}

/**
 * Creates the app of team domains: the addresses for provisioning, and the pages for people.
 *
 * @param createScim creates the app for provisioning at the first request, because few twins need it
 */
export function createTeamApp(createScim: () => App, pages: App): App {
  let scim: App | undefined;
  return new Hono<TwinEnv>()
    .all("/populations/*", (c) => {
      scim ??= createScim();
      return scim.fetch(c.req.raw, c.env);
    })
    .all("*", (c) => pages.fetch(c.req.raw, c.env));
}
