import querystring from "node:querystring";
import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { EntraTenant } from "../store/entra/tenant";
import { findApplicationByAppId, findPrincipalByAppId, getGraphAudiences, type Store } from "../store/store";
import { answerTokens, signToken } from "./access-tokens";
import { verifyAssertion } from "./assertion";
import {
  findAuthenticatingClient,
  findClient,
  findTenant,
  requireEnabled,
  type TenantClient,
  verifySecret,
} from "./clients";
import { EntraNotServed, SignInError } from "./errors";
import { refuseUnknownParameters, requireParameter } from "./parameters";
import type { SignInService } from "./sign-in/authorize";
import { REDEEM_PARAMETERS, redeemGrant } from "./sign-in/redeem";

/** Grants of Entra that the twin does not serve. */
const OTHER_GRANTS = [
  "password",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
];

const PARAMETERS = [
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "grant_type",
  "scope",
];

/**
 * Serves `POST /{tenant}/oauth2/v2.0/token`: client credentials (by secret or by the token of another issuer), codes and
 * refresh tokens.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow and
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export async function handleTokenRequest(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const { store } = service;
  const tenant = findTenant(store, c.req.param("tenant") ?? "");
  const form = new URLSearchParams(await c.req.text());
  const grantType = requireParameter(form, "grant_type");
  if (OTHER_GRANTS.includes(grantType)) throw new EntraNotServed(`grant_type ${grantType}`);
  const interactive = ["authorization_code", "refresh_token"].includes(grantType);
  if (!interactive && grantType !== "client_credentials") throw new SignInError(70003, { value: grantType });
  refuseUnknownParameters(form, interactive ? REDEEM_PARAMETERS : PARAMETERS);

  const basic = basicCredentials(c.req.header("authorization"));
  const clientId = basic?.id ?? requireParameter(form, "client_id");
  if (interactive) requireParameter(form, grantType === "refresh_token" ? grantType : "code");
  const scope = interactive ? "" : requireParameter(form, "scope");
  const secret = basic?.secret ?? form.get("client_secret");
  if (interactive && !secret) {
    findClient(tenant, clientId);
    throw new SignInError(7000218, {});
  }
  const assertion = form.get("client_assertion");
  if (assertion && secret) throw new EntraNotServed("client_assertion beside client_secret");
  const client = findAuthenticatingClient(store, tenant, clientId);
  if (assertion)
    await verifyAssertion(store, client.application, assertion, form.get("client_assertion_type"));
  else verifySecret(store, client, secret);
  requireEnabled(client);
  const { application } = client;
  c.set("caller", application.displayName);
  if (interactive) return redeemGrant(c, service, { tenant, client, secret: secret ?? "", form });
  const resource = resolveResource(store, tenant, scope);
  return answerTokens(c, {
    access_token: await createAccessToken(store, tenant, client, resource, assertion ? "2" : "1"),
  });
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? "")?.[1];
  if (!encoded) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64")
    .toString()
    .split(":")
    .map((part) => querystring.unescape(part));
  return { id, secret };
}

interface Resource {
  audience: string;
  isGraph: boolean;
}

/** Resolves the resource of a scope in the client credentials grant. */
function resolveResource(store: Store, tenant: EntraTenant, scope: string): Resource {
  if (scope.trim().includes(" ")) throw new SignInError(70011, { value: scope });
  const audience = /^(.+)\/\.default$/.exec(scope)?.[1];
  if (!audience) throw new SignInError(1002012, { value: scope });
  const name = audience.replace(/\/$/, "");
  if (getGraphAudiences(store).includes(name)) return { audience, isGraph: true };
  const application =
    findApplicationByAppId(tenant, name) ??
    [...tenant.applications.values()].find((a) => a.identifierUris.includes(name));
  if (!application || !findPrincipalByAppId(tenant, application.appId)) {
    throw new SignInError(500011, { value: audience, tenant: tenant.displayName });
  }
  if (application.api.requestedAccessTokenVersion === 2)
    throw new EntraNotServed("access tokens of version 2");
  return { audience, isGraph: false };
}

/**
 * Creates an access token of version 1.0 for an application:
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
function createAccessToken(
  store: Store,
  tenant: EntraTenant,
  { application, principal }: TenantClient,
  resource: Resource,
  /** How the client proved who it is: "1" by a secret, "2" by an assertion. */
  appidacr: "1" | "2",
): Promise<string> {
  const issuer = `https://sts.windows.net/${tenant.id}/`;
  const roles = resource.isGraph ? principal.applicationPermissions : [];
  return signToken(store, {
    app_displayname: application.displayName,
    appid: application.appId,
    appidacr,
    aud: resource.audience,
    idp: issuer,
    idtyp: "app",
    iss: issuer,
    oid: principal.id,
    ...(roles.length > 0 ? { roles } : {}),
    sub: principal.id,
    tid: tenant.id,
    ver: "1.0",
  });
}
