import type { Context } from "hono";
import { errors, jwtVerify } from "jose";
import type { TwinEnv } from "../requests";
import { graphAudiences, type Store } from "../store";
import type { Caller } from "./call";
import { denied, invalidToken } from "./errors";
import { allOf, PERMISSIONS } from "./permissions";

/**
 * Who calls: checks the access token's signature, lifetime, audience, tenant and principal.
 *
 * @throws GraphError 401 `InvalidAuthenticationToken`
 */
export async function callerOf(c: Context<TwinEnv>, store: Store): Promise<Caller> {
  const token = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!token) throw invalidToken("Access token is empty.");
  const { payload } = await jwtVerify(token, store.signingKey.publicKey, {
    algorithms: ["RS256"],
    currentDate: store.now(),
  }).catch((error: unknown) => {
    throw invalidToken(
      REASONS.find(([kind]) => error instanceof kind)?.[1] ?? "CompactToken parsing failed.",
    );
  });
  if (typeof payload.aud !== "string" || !graphAudiences(store).includes(payload.aud.replace(/\/$/, ""))) {
    throw invalidToken("Access token validation failure. Invalid audience.");
  }
  const tenant = store.tenants.get(String(payload.tid));
  const principal = tenant?.servicePrincipals.get(String(payload.oid));
  if (!tenant || !principal || payload.iss !== `https://sts.windows.net/${tenant.id}/`) {
    throw invalidToken("The identity of the calling application could not be established.");
  }
  return { tenant, principal, roles: Array.isArray(payload.roles) ? payload.roles.map(String) : [] };
}

const REASONS: [kind: abstract new (...args: never[]) => Error, message: string][] = [
  [errors.JWTExpired, "Lifetime validation failed, the token is expired."],
  [errors.JWTClaimValidationFailed, "Lifetime validation failed, the token is not yet valid."],
  [errors.JWSSignatureVerificationFailed, "Signature is invalid."],
];

/**
 * The entries of the permission table that allow the caller a call.
 *
 * @param call method and path template as in {@link PERMISSIONS}
 * @throws GraphError 403 `Authorization_RequestDenied` when there is none
 */
export function permissionsFor(call: string, caller: Caller): string[] {
  const allowed = (PERMISSIONS.calls[call] ?? []).filter((entry) =>
    allOf(entry).every((permission) => caller.roles.includes(permission)),
  );
  if (allowed.length === 0) throw denied();
  return allowed;
}
