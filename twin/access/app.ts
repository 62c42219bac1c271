import { type Context, Hono } from "hono";
import { realHost, servedAt } from "../names";
import type { TwinEnv } from "../requests";
import type { Store } from "../store";
import type { Account } from "../stored";
import { AccessError, NotJudged, unserved } from "./errors";
import { LoginStates } from "./login-state";
import { errorPage, notServedPage } from "./pages";
import type { RelyingParty } from "./relying-party";
import { type Access, callback, openTest } from "./sign-in";

type Page = (c: Context<TwinEnv>, access: Access, account: Account) => Promise<Response>;

/** Below `/cdn-cgi/access`; all by GET. */
const PAGES: Record<string, Page> = {
  "/test-idp/:id": openTest,
  "/callback": callback,
};

/** The team domains of all accounts. */
export function accessApp(store: Store, relyingParty: RelyingParty): Hono<TwinEnv> {
  const access: Access = { store, states: new LoginStates(store), relyingParty };
  const app = new Hono<TwinEnv>();
  for (const [path, page] of Object.entries(PAGES)) {
    app.get(`/cdn-cgi/access${path}`, (c) => page(c, access, accountOf(c, store)));
  }
  app.all("*", (c) => notServedPage(unserved(c)));
  app.onError((error, c) => {
    if (error instanceof AccessError) return errorPage(error);
    if (error instanceof NotJudged) return notServedPage(unserved(c, error.message));
    throw error;
  });
  return app;
}

function accountOf(c: Context<TwinEnv>, store: Store): Account {
  const served = servedAt(store, realHost(new URL(c.req.url).hostname) ?? "");
  if (served?.service !== "team") throw new NotJudged("no team domain");
  return served.account;
}
