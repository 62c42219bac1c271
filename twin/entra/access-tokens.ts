import type { Context } from "hono";
import { type JWTPayload, SignJWT } from "jose";
import type { Store } from "../store/store";

/** Lifetime of id and access tokens in seconds. */
const LIFETIME = 3600;

/** Signs a token that is valid from now on. */
export function signToken(store: Store, claims: JWTPayload): Promise<string> {
  const issued = Math.floor(store.now().getTime() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: store.signingKey.kid })
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(issued + LIFETIME)
    .sign(store.signingKey.privateKey);
}

/** Answers with an access token and what comes with it. Entra reports a second less than the token lasts. */
export function answerTokens(
  c: Context,
  tokens: { access_token: string; [name: string]: unknown },
): Response {
  const lifetime = { expires_in: LIFETIME - 1, ext_expires_in: LIFETIME - 1 };
  return c.json({ token_type: "Bearer", ...lifetime, ...tokens }, 200, {
    "cache-control": "no-store, no-cache",
    pragma: "no-cache",
  });
}
