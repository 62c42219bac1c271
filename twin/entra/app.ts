import { type Context, Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import type { Store } from "../store/store";
import { findTenant } from "./clients";
import { buildKeySet, buildOpenidConfiguration } from "./discovery";
import { EntraNotServed, SignInError } from "./errors";
import { buildMetadata } from "./metadata";
import { createAdminConsentHandler } from "./sign-in/admin-consent";
import { handleAuthorize, resumeAuthorization, type SignInService } from "./sign-in/authorize";
import { showInteraction, submitInteraction } from "./sign-in/interaction";
import { logOutOfEntra } from "./sign-in/logout";
import { renderEntraNotServed, renderSignInError } from "./sign-in/pages";
import { createSignInLookup, INTERACTION_PATH } from "./sign-in/provider";
import type { GraphPermissions } from "./sign-in/scopes";
import { handleTokenRequest } from "./token";
import { handleUserinfo } from "./userinfo";

/**
 * Creates the app for metadata, token endpoint and sign-in pages.
 *
 * @param permissions of Microsoft Graph
 */
export function createEntraApp(store: Store, permissions: GraphPermissions): Hono<TwinEnv> {
  const service: SignInService = {
    store,
    permissions,
    getSignIn: createSignInLookup(store, permissions.delegated),
  };
  const app = new Hono<TwinEnv>();
  app.get("/metadata/endpoints", (c) => {
    if (c.req.query("api-version") !== "2022-09-01") throw new EntraNotServed("a different api-version");
    return c.json(buildMetadata(store.microsoftOrigin));
  });
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) =>
    c.json(buildOpenidConfiguration(store, resolveTenant(c, store))),
  );
  app.get("/:tenant/discovery/v2.0/keys", (c) => {
    resolveTenant(c, store);
    return c.json(buildKeySet(store));
  });
  app.post("/:tenant/oauth2/v2.0/token", (c) => handleTokenRequest(c, service));
  app.on(["GET", "POST"], "/oidc/userinfo", (c) => handleUserinfo(c, store));

  const page = (method: string, path: string, handle: PageHandler) =>
    app.on(method, `/:tenant/${path}`, (c) =>
      handle(c, service).catch((error) => renderFailure(c, store, error)),
    );
  for (const method of ["GET", "POST"]) {
    page(method, "oauth2/v2.0/authorize", handleAuthorize);
    page(method, "oauth2/v2.0/logout", logOutOfEntra);
  }
  page("GET", "adminconsent", createAdminConsentHandler("v1.0"));
  page("GET", "v2.0/adminconsent", createAdminConsentHandler("v2.0"));
  page("GET", "oauth2/v2.0/authorize/:uid", resumeAuthorization);
  page("GET", `${INTERACTION_PATH}/:uid`, showInteraction);
  page("POST", `${INTERACTION_PATH}/:uid`, submitInteraction);

  app.all("*", (c) => notImplemented(c.req.method, c.req.path));
  app.onError((error, c) => {
    if (error instanceof SignInError) return c.json(error.body(store.now()), error.status);
    if (error instanceof EntraNotServed) return notImplemented(c.req.method, c.req.path, error.message);
    throw error;
  });
  return app;
}

type PageHandler = (c: Context<TwinEnv>, service: SignInService) => Promise<Response>;

/** Renders a failure as a page, where programs get JSON. */
function renderFailure(c: Context<TwinEnv>, store: Store, error: unknown): Response {
  if (error instanceof SignInError) return renderSignInError(error, store.now());
  if (error instanceof EntraNotServed)
    return renderEntraNotServed(describeUnserved(c.req.method, c.req.path, error.message));
  throw error;
}

function resolveTenant(c: Context<TwinEnv>, store: Store): string {
  const name = c.req.param("tenant") ?? "";
  return ["common", "organizations"].includes(name) ? name : findTenant(store, name).id;
}

function describeUnserved(method: string, path: string, detail?: string): string {
  return `The twin does not serve ${method} ${path}${detail ? ` (${detail})` : ""}.`;
}

function notImplemented(method: string, path: string, detail?: string): Response {
  return Response.json(
    {
      error: "not_implemented",
      error_description: describeUnserved(method, path, detail),
      error_codes: [501],
    },
    { status: 501 },
  );
}
