import { Hono } from "hono";
import { servedAt } from "../http/names";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { type Access, hostOf, type Page } from "./access";
import { authorized, protectedApplication } from "./application";
import { AccessError, NotJudged, unserved } from "./errors";
import { errorPage, notServedPage } from "./pages";
import { purpose } from "./purpose";
import { Seal } from "./seal";
import { certs, getIdentity, logout } from "./sessions/pages";
import { Sessions } from "./sessions/sessions";
import { verifyCode } from "./sign-in/one-time-pin";
import type { RelyingParty } from "./sign-in/relying-party";
import { callback, login, openTest } from "./sign-in/sign-in";

/** By method and path below `/cdn-cgi/access`. */
const SHARED: Record<string, Page> = {
  "GET /certs": certs,
  "GET /get-identity": getIdentity,
  "GET /logout": logout,
};

const TEAM: Record<string, Page> = {
  ...SHARED,
  "GET /callback": callback,
  "GET /login/:host": login,
  "GET /test-idp/:id": openTest,
  "POST /purpose": purpose,
  "POST /verify-code/:host": verifyCode,
};

const APPLICATION: Record<string, Page> = { ...SHARED, "GET /authorized": authorized };

/** Cloudflare Access for browsers: the team domains of all accounts, and the applications that they protect. */
export function accessApps(store: Store, relyingParty: RelyingParty) {
  const access: Access = { store, seal: new Seal(store), sessions: new Sessions(store), relyingParty };
  const app = (pages: Record<string, Page>) => {
    const made = new Hono<TwinEnv>();
    const on = (methods: string[], path: string, page: Page) =>
      made.on(methods, path, (c) => {
        const served = servedAt(store, hostOf(c));
        if (!served || !("account" in served)) throw new NotJudged("the host of no account");
        return page(c, access, served.account);
      });
    for (const [call, page] of Object.entries(pages)) {
      const [method = "", path] = call.split(" ");
      on([method], `/cdn-cgi/access${path}`, page);
    }
    made.all("/cdn-cgi/*", (c) => notServedPage(unserved(c)));
    if (pages === APPLICATION) on(["ALL"], "*", protectedApplication);
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
