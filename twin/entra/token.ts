import querystring from "node:querystring";
import type { Context } from "hono";
import { SignJWT } from "jose";
import type { TwinEnv } from "../http/requests";
import type { EntraTenant } from "../store/entra/tenant";
import { findApplicationByAppId, findPrincipalByAppId, getGraphAudiences, type Store } from "../store/store";
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
import type { SignInService } from "./sign-in/authorize";
import { REDEEM_PARAMETERS, redeemGrant } from "./sign-in/redeem";

/** Lifetime of an access token in seconds, as Entra reports it for a token of an hour. */
const EXPIRES_IN = 3599;

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

/** Telemetry parameters of Microsoft's client libraries. */
const TELEMETRY = /^(x-|client-request-id$)/i;

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
  const required = (name: string) => {
    const value = form.get(name);
    if (!value) throw new SignInError(900144, { value: name });
    return value;
  };
  const grantType = required("grant_type");
  if (OTHER_GRANTS.includes(grantType)) throw new EntraNotServed(`grant_type ${grantType}`);
  const interactive = ["authorization_code", "refresh_token"].includes(grantType);
  if (!interactive && grantType !== "client_credentials") throw new SignInError(70003, { value: grantType });
  const known = interactive ? REDEEM_PARAMETERS : PARAMETERS;
  const unknown = [...form.keys()].find((name) => !known.includes(name) && !TELEMETRY.test(name));
  if (unknown) throw new EntraNotServed(`parameter ${unknown}`);

  const basic = basicCredentials(c.req.header("authorization"));
  const clientId = basic?.id ?? required("client_id");
  if (interactive) required(grantType === "refresh_token" ? grantType : "code");
  const scope = interactive ? "" : required("scope");
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
  return c.json(
    {
      token_type: "Bearer",
      expires_in: EXPIRES_IN,
      ext_expires_in: EXPIRES_IN,
      access_token: await createAccessToken(store, tenant, client, resource, assertion ? "2" : "1"),
    },
    200,
    { "cache-control": "no-store, no-cache", pragma: "no-cache" },
  );
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
  const issued = Math.floor(store.now().getTime() / 1000);
  return new SignJWT({
    app_displayname: application.displayName,
    appid: application.appId,
    appidacr,
    idp: issuer,
    idtyp: "app",
    oid: principal.id,
    ...(roles.length > 0 ? { roles } : {}),
    tid: tenant.id,
    ver: "1.0",
  })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: store.signingKey.kid })
    .setAudience(resource.audience)
    .setIssuer(issuer)
    .setSubject(principal.id)
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(issued + EXPIRES_IN + 1)
    .sign(store.signingKey.privateKey);
}
