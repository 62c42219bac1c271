import type { Context } from "hono";
import { errors, jwtVerify } from "jose";
import type { TwinEnv } from "../http/requests";
import { graphAudiences, type Store, servicePrincipalByAppId } from "../store/store";
import type { Caller } from "./call";
import { denied, invalidToken, malformed, notServed } from "./errors";
import { allOf, isPartial, PERMISSIONS } from "./permissions";

/**
 * Who calls: checks the access token's signature, lifetime, audience, tenant, principal and user. A token with `scp`
 * is a user's: `oid` names the user, `appid` the application that acts for them.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 *
 * @throws GraphError 401 `InvalidAuthenticationToken`
 */
export async function callerOf(c: Context<TwinEnv>, store: Store): Promise<Caller> {
  const token = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!token) throw invalidToken("Access token is empty.");
  const { payload } = await jwtVerify(token, ({ kid }) => store.verificationKey(kid), {
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
  const delegated = payload.scp !== undefined;
  const oid = String(payload.oid);
  const user = delegated ? tenant?.users.get(oid) : undefined;
  const principal = delegated
    ? tenant && servicePrincipalByAppId(tenant, String(payload.appid))
    : tenant?.servicePrincipals.get(oid);
  const issued = payload.iss === `https://sts.windows.net/${tenant?.id}/`;
  if (!tenant || !principal || !issued || (delegated && !user)) {
    throw invalidToken("The identity of the calling application could not be established.");
  }
  const permissions = delegated ? String(payload.scp).split(" ") : payload.roles;
  return {
    tenant,
    principal,
    ...(user ? { user } : {}),
    permissions: Array.isArray(permissions) ? permissions.map(String) : [],
  };
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
 * @throws GraphError 403 `Authorization_RequestDenied` when there is none, 400 for `/me` without a user, 501 for calls
 *   on behalf of users that the twin does not judge
 */
export function permissionsFor(call: string, caller: Caller): string[] {
  const aboutMe = / \/me\b/.test(call);
  if (aboutMe && !caller.user) {
    throw malformed("/me request is only valid with delegated authentication flow.");
  }
  if (caller.user && !PERMISSIONS.onBehalfOfUsers[call]) throw notJudged(call, "on behalf of a user");
  const allowed = grantedOf(call, caller);
  const open = !caller.user && PERMISSIONS.calls[call]?.length === 0;
  if (allowed.length === 0 && !open) throw denied();
  // What guests see of others is a setting of the tenant.
  if (caller.user?.userType === "Guest" && !aboutMe) throw notJudged(call, "on behalf of a guest");
  return allowed;
}

/**
 * The same for objects that another call names in passing: no entry means that the caller may not read them.
 *
 * @throws GraphError 501 for permissions that show a part
 */
export function grantedOf(call: string, caller: Caller): string[] {
  const column = (caller.user ? PERMISSIONS.onBehalfOfUsers[call] : PERMISSIONS.calls[call]) ?? [];
  const granted = column.filter((entry) =>
    allOf(entry).every((permission) => caller.permissions.includes(permission)),
  );
  if (granted.length > 0 && granted.every(isPartial)) {
    throw notJudged(call, `with ${granted.join(", ")} alone`);
  }
  return granted;
}

function notJudged(call: string, why: string): Error {
  const [method = "", path = ""] = call.split(" ");
  return notServed(method, path, why);
}
