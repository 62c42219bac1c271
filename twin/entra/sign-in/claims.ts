import { createHash, randomBytes } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import { transitiveGroupsOf } from "../../store/directory";
import { GRAPH_APP_ID, type Store } from "../../store/store";
import type { Tenant, User } from "../../store/tenant";
import type { Client } from "../clients";
import { NotJudged } from "../errors";

/** Lifetime of id and access tokens in seconds. */
const LIFETIME = 3600;

/** How many groups an id token names at most: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
const MOST_GROUPS = 200;

/** Who signed in to what. */
export interface SignedIn {
  tenant: Tenant;
  client: Client;
  user: User;
}

/** The same person is another subject to every application. */
export function pairwiseSubject(user: User, appId: string): string {
  return createHash("sha256").update(`${appId}/${user.id}`).digest("base64url");
}

/** The name a person signs in with: a guest's is the address at home. */
export function signInName(user: User): string {
  return user.userType === "Guest" ? (user.mail ?? user.userPrincipalName) : user.userPrincipalName;
}

/**
 * An id token of version 2.0: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 *
 * @param o.scopes what was asked for and consented to
 */
export function idToken(
  store: Store,
  who: SignedIn,
  o: { scopes: string[]; nonce?: string | undefined },
): Promise<string> {
  const { tenant, client, user } = who;
  const optional = idTokenClaims(who);
  const wantsMail = o.scopes.includes("email") || "email" in optional || user.userType === "Guest";
  return sign(store, {
    ...(o.scopes.includes("profile")
      ? { name: user.displayName, oid: user.id, preferred_username: signInName(user), tid: tenant.id }
      : {}),
    ...optional,
    ...(wantsMail && user.mail ? { email: user.mail } : {}),
    ...(o.nonce === undefined ? {} : { nonce: o.nonce }),
    ...groupClaims(store, who),
    aud: client.application.appId,
    iss: `${store.microsoftOrigin}/${tenant.id}/v2.0`,
    sub: pairwiseSubject(user, client.application.appId),
    ver: "2.0",
  });
}

/** Optional claims of the id token, by name: https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
const OPTIONAL: Record<string, (user: User) => string | null> = {
  email: (user) => user.mail,
  upn: (user) => user.userPrincipalName,
  given_name: (user) => user.givenName,
  family_name: (user) => user.surname,
};

/** @throws NotJudged for optional claims and settings of groups that the twin does not know */
export function judgeClaims({ application }: Client): void {
  for (const { name, additionalProperties } of application.optionalClaims?.idToken ?? []) {
    if (!OPTIONAL[name]) throw new NotJudged(`optional claim ${name}`);
    if (additionalProperties.length > 0) throw new NotJudged(`additional properties of the claim ${name}`);
  }
  const groups = application.groupMembershipClaims ?? "None";
  if (!["None", "SecurityGroup", "All"].includes(groups))
    throw new NotJudged(`groupMembershipClaims ${groups}`);
}

function idTokenClaims({ client, user }: SignedIn): Record<string, string> {
  const asked = client.application.optionalClaims?.idToken ?? [];
  return Object.fromEntries(
    asked.flatMap(({ name }) => {
      const value = OPTIONAL[name]?.(user);
      return value ? [[name, value]] : [];
    }),
  );
}

function groupClaims(store: Store, { tenant, client, user }: SignedIn): JWTPayload {
  if ((client.application.groupMembershipClaims ?? "None") === "None") return {};
  if (client.application.groupMembershipClaims === "All" && user.roles.length > 0) {
    throw new NotJudged("directory roles in a token");
  }
  const groups = transitiveGroupsOf(tenant, user.id).map((group) => group.id);
  if (groups.length <= MOST_GROUPS) return groups.length > 0 ? { groups } : {};
  const endpoint = `${store.microsoftOrigin}/v1.0/users/${user.id}/getMemberObjects`;
  return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } };
}

/**
 * A delegated access token for Microsoft Graph, which asks for version 1.0:
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 *
 * @param scopes delegated permissions
 */
export function graphToken(
  store: Store,
  { tenant, client, user }: SignedIn,
  scopes: string[],
): Promise<string> {
  const issuer = `https://sts.windows.net/${tenant.id}/`;
  return sign(store, {
    acct: user.userType === "Guest" ? 1 : 0,
    amr: user.secondFactor ? ["pwd", "mfa"] : ["pwd"],
    app_displayname: client.application.displayName,
    appid: client.application.appId,
    appidacr: "1",
    aud: GRAPH_APP_ID,
    idtyp: "user",
    iss: issuer,
    name: user.displayName,
    oid: user.id,
    scp: scopes.join(" "),
    sub: pairwiseSubject(user, GRAPH_APP_ID),
    tid: tenant.id,
    unique_name: signInName(user),
    upn: user.userPrincipalName,
    ver: "1.0",
  });
}

function sign(store: Store, claims: JWTPayload): Promise<string> {
  const issued = Math.floor(store.now().getTime() / 1000);
  return new SignJWT({ ...claims, uti: randomBytes(16).toString("base64url") })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: store.signingKey.kid })
    .setIssuedAt(issued)
    .setNotBefore(issued)
    .setExpirationTime(issued + LIFETIME)
    .sign(store.signingKey.privateKey);
}
