import { Hono } from "hono";
import { findServedHost } from "../http/names";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { type AccessContext, getRealHost, type PageHandler } from "./access";
import { completeHandoff, serveProtectedApplication } from "./application";
import { AccessError, describeUnserved, NotJudged } from "./errors";
import { renderAccessError, renderAccessNotServed } from "./pages";
import { acceptPurpose } from "./purpose";
import { Seal } from "./seal";
import { logOutOfAccess, serveCerts, serveIdentity } from "./sessions/pages";
import { Sessions } from "./sessions/sessions";
import { verifyPin } from "./sign-in/one-time-pin";
import type { RelyingParty } from "./sign-in/relying-party";
import { handleCallback, serveLogin, startTest } from "./sign-in/sign-in";

/** Handlers by method and path below `/cdn-cgi/access`. */
const SHARED_PAGES: Record<string, PageHandler> = {
  "GET /certs": serveCerts,
  "GET /get-identity": serveIdentity,
  "GET /logout": logOutOfAccess,
};

const TEAM_PAGES: Record<string, PageHandler> = {
  ...SHARED_PAGES,
  "GET /callback": handleCallback,
  "GET /login/:host": serveLogin,
  "GET /test-idp/:id": startTest,
  "POST /purpose": acceptPurpose,
  "POST /verify-code/:host": verifyPin,
};

const APPLICATION_PAGES: Record<string, PageHandler> = {
  ...SHARED_PAGES,
  "GET /authorized": completeHandoff,
};

/** Creates the apps for browsers: the team domains of all accounts, and the applications that they protect. */
export function createAccessApps(store: Store, relyingParty: RelyingParty) {
  const access: AccessContext = { store, seal: new Seal(store), sessions: new Sessions(store), relyingParty };
  const app = (pages: Record<string, PageHandler>) => {
    const made = new Hono<TwinEnv>();
    const on = (methods: string[], path: string, page: PageHandler) =>
      made.on(methods, path, (c) => {
        const served = findServedHost(store, getRealHost(c));
        if (!served || !("account" in served)) throw new NotJudged("host of no account");
        return page(c, access, served.account);
      });
    for (const [call, page] of Object.entries(pages)) {
      const [method = "", path] = call.split(" ");
      on([method], `/cdn-cgi/access${path}`, page);
    }
    made.all("/cdn-cgi/*", (c) => renderAccessNotServed(describeUnserved(c)));
    if (pages === APPLICATION_PAGES) on(["ALL"], "*", serveProtectedApplication);
    made.all("*", (c) => renderAccessNotServed(describeUnserved(c)));
    made.onError((error, c) => {
      if (error instanceof AccessError) return renderAccessError(error);
      if (error instanceof NotJudged) return renderAccessNotServed(describeUnserved(c, error.message));
      throw error;
    });
    return made;
  };
  return { team: app(TEAM_PAGES), application: app(APPLICATION_PAGES) };
}
