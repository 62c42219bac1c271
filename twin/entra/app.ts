import type { Context, Hono } from "hono";
import type { TwinEnv } from "../http/requests";
import { createServiceApp, type Route } from "../http/routes";
import type { Store } from "../store/store";
import { findTenant } from "./clients";
import { createAdminConsentHandler } from "./consent/admin-consent";
import { buildKeySet, buildOpenidConfiguration } from "./discovery";
import { EntraNotServed, SignInError } from "./errors";
import { buildMetadata } from "./metadata";
import { createSignInLookup } from "./provider/provider";
import { INTERACTION_PATH } from "./provider/provider-parameters";
import { handleAuthorize, resumeAuthorization, type SignInService } from "./sign-in/authorize";
import { showInteraction, submitInteraction } from "./sign-in/interaction";
import { logOutOfEntra } from "./sign-in/logout";
import { renderEntraNotServed, renderSignInError } from "./sign-in/pages";
import type { GraphPermissions } from "./sign-in/scopes";
import { handleTokenRequest } from "./token";
import { handleUserinfo } from "./userinfo";

/** A call of Entra's sign-in. */
interface EntraRoute extends Route<[c: Context<TwinEnv>, service: SignInService]> {
  /** Failures are shown on a page; programs get JSON. */
  isPage?: true;
}

const ROUTES: EntraRoute[] = [
  { call: "GET /metadata/endpoints", handle: serveMetadata },
  { call: "GET /{tenant}/v2.0/.well-known/openid-configuration", handle: serveOpenidConfiguration },
  { call: "GET /{tenant}/discovery/v2.0/keys", handle: serveKeys },
  { call: "POST /{tenant}/oauth2/v2.0/token", handle: handleTokenRequest },
  { call: "GET /oidc/userinfo", handle: handleUserinfo },
  { call: "POST /oidc/userinfo", handle: handleUserinfo },
  { call: "GET /{tenant}/oauth2/v2.0/authorize", isPage: true, handle: handleAuthorize },
  { call: "POST /{tenant}/oauth2/v2.0/authorize", isPage: true, handle: handleAuthorize },
  { call: "GET /{tenant}/oauth2/v2.0/authorize/{uid}", isPage: true, handle: resumeAuthorization },
  { call: "GET /{tenant}/oauth2/v2.0/logout", isPage: true, handle: logOutOfEntra },
  { call: "POST /{tenant}/oauth2/v2.0/logout", isPage: true, handle: logOutOfEntra },
  { call: "GET /{tenant}/adminconsent", isPage: true, handle: createAdminConsentHandler("v1.0") },
  { call: "GET /{tenant}/v2.0/adminconsent", isPage: true, handle: createAdminConsentHandler("v2.0") },
  { call: `GET /{tenant}/${INTERACTION_PATH}/{uid}`, isPage: true, handle: showInteraction },
  { call: `POST /{tenant}/${INTERACTION_PATH}/{uid}`, isPage: true, handle: submitInteraction },
];

/**
 * Creates the app for metadata, token endpoint and sign-in pages.
 *
 * @param permissions of Microsoft Graph
 */
export function createEntraApp(store: Store, permissions: GraphPermissions): Hono<TwinEnv> {
  const getSignIn = createSignInLookup(store, permissions.delegated);
  const service: SignInService = { store, permissions, getSignIn };
  return createServiceApp<EntraRoute>({
    routes: ROUTES,
    async serve(c, { handle, isPage }) {
      try {
        return await handle(c, service);
      } catch (error) {
        if (!isPage) throw error;
        return renderFailure(c, store, error);
      }
    },
    refuse: (c) => notImplemented(c.req.method, c.req.path),
    formatError(error, c) {
      if (error instanceof SignInError) return c.json(error.body(store.now()), error.status);
      if (error instanceof EntraNotServed) return notImplemented(c.req.method, c.req.path, error.message);
      return undefined;
    },
  });
}

function serveMetadata(c: Context<TwinEnv>, { store }: SignInService): Response {
  if (c.req.query("api-version") !== "2022-09-01") throw new EntraNotServed("a different api-version");
  return c.json(buildMetadata(store.microsoftOrigin));
}

function serveOpenidConfiguration(c: Context<TwinEnv>, { store }: SignInService): Response {
  return c.json(buildOpenidConfiguration(store, resolveTenant(c, store)));
}

function serveKeys(c: Context<TwinEnv>, { store }: SignInService): Response {
  resolveTenant(c, store);
  return c.json(buildKeySet(store));
}

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
