import { Hono } from "hono";
import { servedAt } from "../http/names";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { type Access, hostOf, type Page } from "./access";
import { authorized, protectedApplication } from "./application";
import { AccessError, NotJudged, unserved } from "./errors";
import { errorPage, notServedPage } from "./pages";
import { Seal } from "./seal";
import { certs, getIdentity, logout } from "./sessions/pages";
import { Sessions } from "./sessions/sessions";
import type { RelyingParty } from "./sign-in/relying-party";
import { callback, login, openTest } from "./sign-in/sign-in";

/** Below `/cdn-cgi/access`, by GET. */
const SHARED: Record<string, Page> = { "/certs": certs, "/get-identity": getIdentity, "/logout": logout };

const TEAM: Record<string, Page> = {
  ...SHARED,
  "/callback": callback,
  "/login/:host": login,
  "/test-idp/:id": openTest,
};

const APPLICATION: Record<string, Page> = { ...SHARED, "/authorized": authorized };

/** Cloudflare Access for browsers: the team domains of all accounts, and the applications that they protect. */
export function accessApps(store: Store, relyingParty: RelyingParty) {
  const access: Access = { store, seal: new Seal(store), sessions: new Sessions(store), relyingParty };
  const app = (pages: Record<string, Page>) => {
    const made = new Hono<TwinEnv>();
    const on = (method: "get" | "all", path: string, page: Page) =>
      made[method](path, (c) => {
        const served = servedAt(store, hostOf(c));
        if (!served || !("account" in served)) throw new NotJudged("the host of no account");
        return page(c, access, served.account);
      });
    for (const [path, page] of Object.entries(pages)) on("get", `/cdn-cgi/access${path}`, page);
    made.all("/cdn-cgi/*", (c) => notServedPage(unserved(c)));
    if (pages === APPLICATION) on("all", "*", protectedApplication);
    made.all("*", (c) => notServedPage(unserved(c)));
    made.onError((error, c) => {
      if (error instanceof AccessError) return errorPage(error);
      if (error instanceof NotJudged) return notServedPage(unserved(c, error.message));
      throw error;
    });
    return made;
  };
  return { team: app(TEAM), application: app(APPLICATION) };
}
