import type { Context } from "hono";
import { decodeJwt } from "jose";
import type { TwinEnv } from "../../http/requests";
import type { Tenant } from "../../store/tenant";
import type { Client } from "../clients";
import { tokenError } from "./answer";
import { headers, isEncrypted, type SignInService } from "./authorize";
import { judgeClaimsRequest } from "./claims-request";
import { ask } from "./in-process";
import { requestedScopes } from "./scopes";

/** Parameters of the token endpoint for codes and refresh tokens that oidc-provider gets. */
const PASSED = ["grant_type", "code", "code_verifier", "redirect_uri", "refresh_token"];

/** All parameters that the grants take. */
export const REDEEM_PARAMETERS = [...PASSED, "claims", "client_id", "client_secret", "client_info", "scope"];

/** What the token endpoint of Entra reports as lifetime of an hour. */
const EXPIRES_IN = 3599;

/**
 * Redeems a code or a refresh token of an authenticated client.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret
 */
export async function redeem(
  c: Context<TwinEnv>,
  service: SignInService,
  o: { tenant: Tenant; client: Client; secret: string; form: URLSearchParams },
): Promise<Response> {
  const { tenant, client, form } = o;
  judgeClaimsRequest(form.get("claims"));
  const scope = form.get("scope");
  if (scope) requestedScopes(service.store, tenant, client, service.permissions.delegated, scope);
  const { authorization: _, ...rest } = headers(c);
  const body = new URLSearchParams([...form].filter(([name]) => PASSED.includes(name)));
  body.set("client_id", client.application.appId);
  body.set("client_secret", o.secret);
  const { response, error } = await ask(service.of(tenant).provider, {
    method: "POST",
    encrypted: isEncrypted(c),
    mount: `/${tenant.id}`,
    path: "/oauth2/v2.0/token",
    headers: { ...rest, accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  });
  if (error) throw tokenError(error, form.get("redirect_uri") ?? "");
  const tokens = (await response.json()) as Record<string, string | undefined> & { access_token: string };
  const { oid, scp } = decodeJwt(tokens.access_token);
  const clientInfo = { uid: oid, utid: tenant.id };
  return c.json(
    {
      token_type: "Bearer",
      scope: scp,
      expires_in: EXPIRES_IN,
      ext_expires_in: EXPIRES_IN,
      access_token: tokens.access_token,
      ...(tokens.refresh_token ? { refresh_token: tokens.refresh_token } : {}),
      ...(tokens.id_token ? { id_token: tokens.id_token } : {}),
      ...(form.has("client_info")
        ? { client_info: Buffer.from(JSON.stringify(clientInfo)).toString("base64url") }
        : {}),
    },
    200,
    { "cache-control": "no-store, no-cache", pragma: "no-cache" },
  );
}
