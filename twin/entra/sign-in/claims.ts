import { createHash, randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import { findTransitiveGroups, listGroupsOfUser } from "../../store/entra/directory";
import type { EntraTenant, User } from "../../store/entra/tenant";
import { GRAPH_APP_ID, type Store } from "../../store/store";
import { signToken } from "../access-tokens";
import type { TenantClient } from "../clients";
import { EntraNotServed } from "../errors";

/** Maximum number of groups in an id token: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference */
const MAX_GROUPS = 200;

/** The sign-in of a user to a client. */
export interface UserSignIn {
  tenant: EntraTenant;
  client: TenantClient;
  user: User;
}

const createTokenId = () => randomBytes(16).toString("base64url");

/** Derives the subject of a user, which differs per application. */
function derivePairwiseSubject(user: User, appId: string): string {
  return createHash("sha256").update(`${appId}/${user.id}`).digest("base64url");
}

/** Returns the sign-in name; a guest's is the address in the home tenant. */
export function getSignInName(user: User): string {
  return user.userType === "Guest" ? (user.mail ?? user.userPrincipalName) : user.userPrincipalName;
}

/**
 * Creates an id token of version 2.0: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 *
 * @param o.scopes requested and consented scopes
 * @param o.contexts authentication contexts that the sign-in satisfies
 */
export function createIdToken(
  store: Store,
  signIn: UserSignIn,
  o: { scopes: string[]; nonce?: string | undefined; contexts: string[] },
): Promise<string> {
  const { tenant, client, user } = signIn;
  const optional = getOptionalClaims(signIn);
  const includesMail = o.scopes.includes("email") || "email" in optional || user.userType === "Guest";
  return signToken(store, {
    uti: createTokenId(),
    ...(o.scopes.includes("profile")
      ? { name: user.displayName, oid: user.id, preferred_username: getSignInName(user), tid: tenant.id }
      : {}),
    ...optional,
    ...(includesMail && user.mail ? { email: user.mail } : {}),
    ...(o.nonce === undefined ? {} : { nonce: o.nonce }),
    // The contexts that were asked for: without them, Conditional Access would not have issued the code.
    ...(o.contexts.length > 0 ? { acrs: o.contexts } : {}),
    ...getGroupClaims(store, signIn),
    aud: client.application.appId,
    iss: `${store.microsoftOrigin}/${tenant.id}/v2.0`,
    sub: derivePairwiseSubject(user, client.application.appId),
    ver: "2.0",
  });
}

/** Optional claims of the id token, by name: https://learn.microsoft.com/entra/identity-platform/optional-claims-reference */
const OPTIONAL: Record<string, (user: User) => string | null> = {
  email: (user) => user.mail,
  upn: (user) => user.userPrincipalName,
  given_name: (user) => user.givenName,
  family_name: (user) => user.surname,
  // Only changes the format of the groups that groupMembershipClaims asks for.
  groups: () => null,
};

/** Validates claim settings. @throws EntraNotServed for optional claims and group settings that the twin does not serve */
export function validateClaims({ application }: TenantClient): void {
  for (const { name, additionalProperties } of application.optionalClaims?.idToken ?? []) {
    if (!OPTIONAL[name]) throw new EntraNotServed(`optional claim ${name}`);
    if (additionalProperties.length > 0)
      throw new EntraNotServed(`additional properties of the claim ${name}`);
  }
  const groups = application.groupMembershipClaims ?? "None";
  if (!["None", "SecurityGroup", "ApplicationGroup", "All"].includes(groups))
    throw new EntraNotServed(`groupMembershipClaims ${groups}`);
}

function getOptionalClaims({ client, user }: UserSignIn): Record<string, string> {
  const requested = client.application.optionalClaims?.idToken ?? [];
  return Object.fromEntries(
    requested.flatMap(({ name }) => {
      const value = OPTIONAL[name]?.(user);
      return value ? [[name, value]] : [];
    }),
  );
}

function getGroupClaims(store: Store, { tenant, client, user }: UserSignIn): JWTPayload {
  const asked = client.application.groupMembershipClaims ?? "None";
  if (asked === "None") return {};
  if (asked === "All" && user.roles.length > 0) {
    throw new EntraNotServed("directory roles in a token");
  }
  const found =
    asked === "ApplicationGroup"
      ? listGroupsOfUser(tenant, user.id, client.principal.id)
      : findTransitiveGroups(tenant, user.id);
  const groups = found.map(({ id }) => id);
  if (groups.length <= MAX_GROUPS) return groups.length > 0 ? { groups } : {};
  const endpoint = `${store.microsoftOrigin}/v1.0/users/${user.id}/getMemberObjects`;
  return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } };
}

/**
 * Creates a delegated access token for Microsoft Graph, which requires version 1.0:
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 *
 * @param scopes delegated permissions
 */
export function createGraphToken(
  store: Store,
  { tenant, client, user, amr }: UserSignIn & { amr: string[] },
  scopes: string[],
): Promise<string> {
  const issuer = `https://sts.windows.net/${tenant.id}/`;
  return signToken(store, {
    uti: createTokenId(),
    acct: user.userType === "Guest" ? 1 : 0,
    amr,
    app_displayname: client.application.displayName,
    appid: client.application.appId,
    appidacr: "1",
    aud: GRAPH_APP_ID,
    idtyp: "user",
    iss: issuer,
    name: user.displayName,
    oid: user.id,
    scp: scopes.join(" "),
    sub: derivePairwiseSubject(user, GRAPH_APP_ID),
    tid: tenant.id,
    unique_name: getSignInName(user),
    upn: user.userPrincipalName,
    ver: "1.0",
  });
}
