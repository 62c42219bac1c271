import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { TwinEnv } from "../../http/requests";
import { findTenant } from "../clients";
import { readParameters, refuseUnknownParameters } from "../parameters";
import { isEncrypted, type SignInService } from "./authorize";
import { renderSignedOut } from "./pages";

const PARAMETERS = ["post_logout_redirect_uri", "state", "id_token_hint"];

/**
 * Serves `/{tenant}/oauth2/v2.0/logout`: ends the session, then redirects to `post_logout_redirect_uri` if an
 * application of the tenant has registered it, or shows a page.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-a-sign-out-request
 */
export async function logOutOfEntra(c: Context<TwinEnv>, service: SignInService): Promise<Response> {
  const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
  const given = await readParameters(c);
  refuseUnknownParameters(given, PARAMETERS);
  const { provider } = service.getSignIn(tenant);
  const name = provider.cookieName("session");
  const session = await provider.Session.find(getCookie(c, name) ?? "");
  await session?.destroy();

  const uri = given.get("post_logout_redirect_uri");
  const registered = [...tenant.applications.values()].some(
    ({ web }) => uri !== null && web.redirectUris.includes(uri),
  );
  const response = registered && uri !== null ? redirect(uri, given.get("state")) : renderSignedOut();
  response.headers.append(
    "set-cookie",
    `${name}=; path=/${tenant.id}; max-age=0; httponly; samesite=lax${isEncrypted(c) ? "; secure" : ""}`,
  );
  return response;
}

function redirect(uri: string, state: string | null): Response {
  const target = new URL(uri);
  if (state !== null) target.searchParams.set("state", state);
  return new Response(null, { status: 302, headers: { location: target.href } });
}
