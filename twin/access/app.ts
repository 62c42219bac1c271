import type { Context } from "hono";
import { findServedHost } from "../http/names";
import type { TwinEnv } from "../http/requests";
import { createServiceApp } from "../http/routes";
import type { Store } from "../store/store";
import { type AccessContext, type AccessRoute, getRealHost } from "./access";
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

const SHARED_ROUTES: AccessRoute[] = [
  { call: "GET /certs", handle: serveCerts },
  { call: "GET /get-identity", handle: serveIdentity },
  { call: "GET /logout", handle: logOutOfAccess },
];

const TEAM_ROUTES: AccessRoute[] = [
  ...SHARED_ROUTES,
  { call: "GET /callback", handle: handleCallback },
  { call: "GET /login/{host}", handle: serveLogin },
  { call: "GET /test-idp/{id}", handle: startTest },
  { call: "POST /purpose", handle: acceptPurpose },
  { call: "POST /verify-code/{host}", handle: verifyPin },
];

const APPLICATION_ROUTES: AccessRoute[] = [
  ...SHARED_ROUTES,
  { call: "GET /authorized", handle: completeHandoff },
];

/** Creates the apps for browsers: the team domains of all accounts, and the applications that they protect. */
export function createAccessApps(store: Store, relyingParty: RelyingParty) {
  const access: AccessContext = { store, seal: new Seal(store), sessions: new Sessions(store), relyingParty };
  const serve = (c: Context<TwinEnv>, { handle }: Pick<AccessRoute, "handle">) => {
    const served = findServedHost(store, getRealHost(c));
    if (!served || !("account" in served)) throw new NotJudged("host of no account");
    return handle(c, access, served.account);
  };
  const refuse = (c: Context<TwinEnv>) => renderAccessNotServed(describeUnserved(c));
  const service = {
    getBasePath: () => "/cdn-cgi/access",
    serve,
    formatError(error: Error, c: Context<TwinEnv>) {
      if (error instanceof AccessError) return renderAccessError(error);
      if (error instanceof NotJudged) return renderAccessNotServed(describeUnserved(c, error.message));
      return undefined;
    },
  };
  return {
    team: createServiceApp<AccessRoute>({ ...service, routes: TEAM_ROUTES, refuse }),
    application: createServiceApp<AccessRoute>({
      ...service,
      routes: APPLICATION_ROUTES,
      refuse: (c) =>
        /^\/cdn-cgi(\/|$)/.test(c.req.path) ? refuse(c) : serve(c, { handle: serveProtectedApplication }),
    }),
  };
}
