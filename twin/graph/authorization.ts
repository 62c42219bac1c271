import type { KeyObject } from "node:crypto";
import type { Context } from "hono";
import { errors, type JWTPayload, jwtVerify } from "jose";
import type { TwinEnv } from "../http/requests";
import { AZURE_CLI_ID, createEmptyServicePrincipal } from "../store/entra/registrations";
import type { EntraTenant, ServicePrincipal } from "../store/entra/tenant";
import { findPrincipalByAppId, getGraphAudiences, type Store } from "../store/store";
import type { Caller } from "./call";
import { accessDenied, graphNotServed, invalidAccessToken, malformedRequest } from "./errors";
import { GRAPH_PERMISSIONS, isPartial, splitPermissions } from "./permissions";

/**
 * Authenticates the caller by the access token's signature, lifetime, audience, tenant, principal and user. A token
 * with `scp` is delegated: `oid` is the user, `appid` the application that acts for them.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 *
 * @throws GraphError 401 `InvalidAuthenticationToken`
 */
export async function authenticateCaller(c: Context<TwinEnv>, store: Store): Promise<Caller> {
  const token = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!token) throw invalidAccessToken("Access token is empty.");
  const payload = await verifyToken(token, store).catch((error: unknown) => {
    throw invalidAccessToken(
      REASONS.find(([kind]) => error instanceof kind)?.[1] ?? "CompactToken parsing failed.",
    );
  });
  if (typeof payload.aud !== "string" || !getGraphAudiences(store).includes(payload.aud.replace(/\/$/, ""))) {
    throw invalidAccessToken("Access token validation failure. Invalid audience.");
  }
  const tenant = store.tenants.get(String(payload.tid));
  const delegated = payload.scp !== undefined;
  const oid = String(payload.oid);
  const user = delegated ? tenant?.users.get(oid) : undefined;
  const principal = delegated
    ? tenant && findClientPrincipal(tenant, String(payload.appid))
    : tenant?.servicePrincipals.get(oid);
  const issued = payload.iss === `https://sts.windows.net/${tenant?.id}/`;
  if (!tenant || !principal || !issued || (delegated && !user)) {
    throw invalidAccessToken("The identity of the calling application could not be established.");
  }
  const permissions = delegated ? String(payload.scp).split(" ") : payload.roles;
  return {
    tenant,
    principal,
    ...(user ? { user } : {}),
    permissions: Array.isArray(permissions) ? permissions.map(String) : [],
  };
}

/** Finds the service principal of an application that acts for a person. The Azure CLI does so in every tenant. */
function findClientPrincipal(tenant: EntraTenant, appId: string): ServicePrincipal | undefined {
  if (appId === AZURE_CLI_ID) return createEmptyServicePrincipal("", appId, "");
  return findPrincipalByAppId(tenant, appId);
}

interface VerifiedToken {
  readonly kid: string | undefined;
  readonly key: KeyObject;
  readonly payload: JWTPayload;
}

/** Tokens with a valid signature: verifying it takes a third of the time of a request. */
const verifiedTokens = new WeakMap<Store, Map<string, VerifiedToken>>();
const KEPT_TOKENS = 1000;

/** Verifies signature and lifetime, the signature once for each key. @throws JOSEError */
async function verifyToken(token: string, store: Store): Promise<JWTPayload> {
  const kept = verifiedTokens.get(store) ?? new Map<string, VerifiedToken>();
  const known = kept.get(token);
  const now = Math.floor(store.now().getTime() / 1000);
  if (known && store.verificationKey(known.kid) === known.key) {
    const { nbf = now, exp = Number.POSITIVE_INFINITY } = known.payload;
    if (nbf <= now && now < exp) return known.payload;
  }
  const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => store.verificationKey(kid), {
    algorithms: ["RS256"],
    currentDate: store.now(),
  });
  if (kept.size >= KEPT_TOKENS) kept.clear();
  const { kid } = protectedHeader;
  verifiedTokens.set(store, kept.set(token, { kid, key: store.verificationKey(kid), payload }));
  return payload;
}

const REASONS: [kind: abstract new (...args: never[]) => Error, message: string][] = [
  [errors.JWTExpired, "Lifetime validation failed, the token is expired."],
  [errors.JWTClaimValidationFailed, "Lifetime validation failed, the token is not yet valid."],
  [errors.JWSSignatureVerificationFailed, "Signature is invalid."],
];

/**
 * Returns the entries of the permission table that allow the call.
 *
 * @param call method and path template as in {@link GRAPH_PERMISSIONS}
 * @throws GraphError 403 `Authorization_RequestDenied` when there is none, 400 for `/me` without a user, 501 for calls
 *   that the twin does not serve on behalf of users
 */
export function requirePermissions(call: string, caller: Caller): string[] {
  const aboutMe = / \/me\b/.test(call);
  if (aboutMe && !caller.user) {
    throw malformedRequest("/me request is only valid with delegated authentication flow.");
  }
  if (caller.user && !GRAPH_PERMISSIONS.onBehalfOfUsers[call])
    throw createNotServedError(call, "on behalf of a user");
  const allowed = findGrantedPermissions(call, caller);
  const open = !caller.user && GRAPH_PERMISSIONS.calls[call]?.length === 0;
  if (allowed.length === 0 && !open) throw accessDenied();
  // The access of guests to other objects depends on a tenant setting.
  if (caller.user?.userType === "Guest" && !aboutMe) throw createNotServedError(call, "on behalf of a guest");
  return allowed;
}

/**
 * Finds the entries of the permission table that the caller has been granted; none means that the call is not allowed.
 *
 * @throws GraphError 501 for permissions that only show parts of objects
 */
export function findGrantedPermissions(call: string, caller: Caller): string[] {
  const column =
    (caller.user ? GRAPH_PERMISSIONS.onBehalfOfUsers[call] : GRAPH_PERMISSIONS.calls[call]) ?? [];
  const permissions = addDirectoryAccess(caller.permissions);
  const granted = column.filter((entry) =>
    splitPermissions(entry).every((permission) => permissions.includes(permission)),
  );
  if (granted.length > 0 && granted.every(isPartial)) {
    throw createNotServedError(call, `with ${granted.join(", ")} alone`);
  }
  return granted;
}

/** Directory.AccessAsUser.All gives an application the same access to the directory as the signed-in person has. */
function addDirectoryAccess(permissions: readonly string[]): readonly string[] {
  if (!permissions.includes("Directory.AccessAsUser.All")) return permissions;
  return [...permissions, "Directory.Read.All", "Directory.ReadWrite.All"];
}

function createNotServedError(call: string, why: string): Error {
  const [method = "", path = ""] = call.split(" ");
  return graphNotServed({ method, path }, why);
}
