import type { Context } from "hono";
import { jwtVerify } from "jose";
import type { TwinEnv } from "../http/requests";
import { getGraphAudiences } from "../store/store";
import type { SignInService } from "./sign-in/authorize";

/**
 * Serves `GET /oidc/userinfo` of Microsoft Graph: https://learn.microsoft.com/entra/identity-platform/userinfo
 *
 * Requires a delegated access token for Graph with the permission `openid`.
 */
export async function handleUserinfo(c: Context<TwinEnv>, { store }: SignInService): Promise<Response> {
  const token = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
  const verified = await jwtVerify(token, ({ kid }) => store.verificationKey(kid), {
    algorithms: ["RS256"],
    audience: getGraphAudiences(store),
    currentDate: store.now(),
  }).catch(() => undefined);
  const claims = verified?.payload;
  const user = store.tenants.get(String(claims?.tid))?.users.get(String(claims?.oid));
  const scopes = String(claims?.scp ?? "").split(" ");
  if (!claims || !user || !scopes.includes("openid")) {
    const message = "Access token validation failure.";
    return c.json({ error: { code: "InvalidAuthenticationToken", message } }, 401, {
      "www-authenticate": 'Bearer realm="", error="invalid_token"',
    });
  }
  return c.json({
    sub: claims.sub,
    ...(scopes.includes("profile")
      ? {
          name: user.displayName,
          ...(user.givenName ? { given_name: user.givenName } : {}),
          ...(user.surname ? { family_name: user.surname } : {}),
        }
      : {}),
    ...(scopes.includes("email") && user.mail ? { email: user.mail } : {}),
  });
}
