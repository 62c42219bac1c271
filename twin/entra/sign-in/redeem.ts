import type { Context } from "hono";
import { decodeJwt } from "jose";
import type { TwinEnv } from "../../http/requests";
import type { EntraTenant } from "../../store/entra/tenant";
import { answerTokens } from "../access-tokens";
import type { TenantClient } from "../clients";
import { EntraNotServed } from "../errors";
import { requestProvider } from "../provider/in-process";
import { isEncrypted, pickHeaders, type SignInService } from "./authorize";
import { validateClaimsRequest } from "./claims-request";
import { translateTokenError } from "./reply";
import { resolveScopes } from "./scopes";

/** Parameters for codes and refresh tokens that are forwarded to oidc-provider. */
const FORWARDED = ["grant_type", "code", "code_verifier", "redirect_uri", "refresh_token"];

/** All parameters that these grants accept. */
export const REDEEM_PARAMETERS = [
  ...FORWARDED,
  "claims",
  "client_id",
  "client_secret",
  "client_info",
  "scope",
];

/**
 * Redeems a code or a refresh token of an authenticated client.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-access-token-with-a-client_secret
 */
export async function redeemGrant(
  c: Context<TwinEnv>,
  service: SignInService,
  o: { tenant: EntraTenant; client: TenantClient; secret: string; form: URLSearchParams },
): Promise<Response> {
  const { tenant, client, form } = o;
  if (validateClaimsRequest(form.get("claims")).length > 0)
    throw new EntraNotServed("authentication contexts in a request for tokens");
  const scope = form.get("scope");
  if (scope) resolveScopes(service.store, tenant, client, service.permissions.delegated, scope);
  const { authorization: _, ...rest } = pickHeaders(c);
  const body = new URLSearchParams([...form].filter(([name]) => FORWARDED.includes(name)));
  body.set("client_id", client.application.appId);
  body.set("client_secret", o.secret);
  const { response, error } = await requestProvider(service.getSignIn(tenant).provider, {
    method: "POST",
    encrypted: isEncrypted(c),
    mount: `/${tenant.id}`,
    path: "/oauth2/v2.0/token",
    headers: { ...rest, accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  });
  if (error) throw translateTokenError(error, form.get("redirect_uri") ?? "");
  const tokens = (await response.json()) as Record<string, string | undefined> & { access_token: string };
  const { oid, scp } = decodeJwt(tokens.access_token);
  const clientInfo = { uid: oid, utid: tenant.id };
  return answerTokens(c, {
    scope: scp,
    access_token: tokens.access_token,
    ...(tokens.refresh_token ? { refresh_token: tokens.refresh_token } : {}),
    ...(tokens.id_token ? { id_token: tokens.id_token } : {}),
    ...(form.has("client_info")
      ? { client_info: Buffer.from(JSON.stringify(clientInfo)).toString("base64url") }
      : {}),
  });
}
