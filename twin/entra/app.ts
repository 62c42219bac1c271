import { type Context, Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { findTenant } from "./clients";
import { keys, openidConfiguration } from "./discovery";
import { NotJudged, SignInError } from "./errors";
import { metadata } from "./metadata";
import { adminConsent } from "./sign-in/admin-consent";
import { authorize, resume, type SignInService } from "./sign-in/authorize";
import { choose, show } from "./sign-in/interaction";
import { logout } from "./sign-in/logout";
import { errorPage, notServedPage } from "./sign-in/pages";
import { INTERACTION_PATH, signIns } from "./sign-in/provider";
import type { GraphPermissions } from "./sign-in/scopes";
import { token } from "./token";
import { userinfo } from "./userinfo";

/**
 * Metadata host, token endpoint and the pages on which people sign in.
 *
 * @param permissions of Microsoft Graph
 */
export function entraApp(store: Store, permissions: GraphPermissions): Hono<TwinEnv> {
  const service: SignInService = { store, permissions, of: signIns(store, permissions.delegated) };
  const app = new Hono<TwinEnv>();
  app.get("/metadata/endpoints", (c) => {
    if (c.req.query("api-version") !== "2022-09-01") throw new NotJudged("another api-version");
    return c.json(metadata(store.microsoftOrigin));
  });
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) =>
    c.json(openidConfiguration(store, anyTenant(c, store))),
  );
  app.get("/:tenant/discovery/v2.0/keys", (c) => {
    anyTenant(c, store);
    return c.json(keys(store));
  });
  app.post("/:tenant/oauth2/v2.0/token", (c) => token(c, service));
  app.on(["GET", "POST"], "/oidc/userinfo", (c) => userinfo(c, store));

  const page = (method: string, path: string, handle: PageHandler) =>
    app.on(method, `/:tenant/${path}`, (c) => handle(c, service).catch((error) => failure(c, store, error)));
  for (const method of ["GET", "POST"]) {
    page(method, "oauth2/v2.0/authorize", authorize);
    page(method, "oauth2/v2.0/logout", logout);
  }
  page("GET", "adminconsent", adminConsent("v1.0"));
  page("GET", "v2.0/adminconsent", adminConsent("v2.0"));
  page("GET", "oauth2/v2.0/authorize/:uid", resume);
  page("GET", `${INTERACTION_PATH}/:uid`, show);
  page("POST", `${INTERACTION_PATH}/:uid`, choose);

  app.all("*", (c) => notImplemented(c.req.method, c.req.path));
  app.onError((error, c) => {
    if (error instanceof SignInError) return c.json(error.body(store.now()), error.status);
    if (error instanceof NotJudged) return notImplemented(c.req.method, c.req.path, error.message);
    throw error;
  });
  return app;
}

type PageHandler = (c: Context<TwinEnv>, service: SignInService) => Promise<Response>;

/** People see a page where programs get JSON. */
function failure(c: Context<TwinEnv>, store: Store, error: unknown): Response {
  if (error instanceof SignInError) return errorPage(error, store.now());
  if (error instanceof NotJudged) return notServedPage(unserved(c.req.method, c.req.path, error.message));
  throw error;
}

function anyTenant(c: Context<TwinEnv>, store: Store): string {
  const name = c.req.param("tenant") ?? "";
  return ["common", "organizations"].includes(name) ? name : findTenant(store, name).id;
}

function unserved(method: string, path: string, detail?: string): string {
  return `The twin does not serve ${method} ${path}${detail ? ` (${detail})` : ""}.`;
}

function notImplemented(method: string, path: string, detail?: string): Response {
  return Response.json(
    {
      error: "not_implemented",
      error_description: unserved(method, path, detail),
      error_codes: [501],
    },
    { status: 501 },
  );
}
