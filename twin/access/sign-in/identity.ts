import { decodeJwt } from "jose";
import type { IDToken } from "openid-client";
import type {
  Account,
  EntraProvider,
  IdentityProviderRecord,
  PinProvider,
} from "../../store/cloudflare/account";
import type { RequestOrigin } from "../../store/cloudflare/places";
import { deriveUserId } from "../../store/cloudflare/provisioning";
import type { Store } from "../../store/store";
import { fetchFailed, missingEmail } from "../errors";
import type { EntraSignInResult, RelyingParty } from "./relying-party";

export interface IdentityGroup {
  id: string;
  /** Null when the consent does not cover names. */
  name: string | null;
}

/**
 * The identity of a signed-in user, in the form of `get-identity`:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/application-token/#user-identity
 */
export interface Identity {
  /** Subject at the identity provider. */
  id: string;
  name: string;
  email: string;
  /** Authentication methods, if Entra reports them. */
  amr?: string[];
  /** Authentication contexts that the sign-in satisfies, if any were requested. */
  acrs?: string[];
  /** The claims that the identity provider is configured to pass on. */
  oidc_fields: Record<string, unknown>;
  /** Present when the identity provider has groups enabled. */
  groups?: IdentityGroup[];
  idp: Pick<IdentityProviderRecord, "id" | "type">;
  geo: { country: string };
  /** Id of the email address in this account. */
  user_uuid: string;
  account_id: string;
  /** Seconds since 1970. */
  iat: number;
  ip: string;
}

/** Account, identity provider and origin of a sign-in. */
interface SignInContext<Provider extends IdentityProviderRecord> {
  store: Store;
  account: Account;
  provider: Provider;
  origin: RequestOrigin;
}

/**
 * Builds an identity from Entra's claims and groups.
 *
 * @throws AccessError when Graph refuses the groups, or when no claim has an email address
 */
export async function buildIdentity(
  at: SignInContext<EntraProvider>,
  relyingParty: RelyingParty,
  { claims, accessToken }: EntraSignInResult,
): Promise<Identity> {
  const { config } = at.provider;
  const email = chooseEmail(claims, config.email_claim_name);
  const passedOn = Array.isArray(config.claims) ? config.claims.map(String) : [];
  return {
    ...buildCommonIdentity(at, email),
    id: claims.sub,
    name: typeof claims.name === "string" ? claims.name : email,
    ...readAmr(accessToken),
    ...(Array.isArray(claims.acrs) ? { acrs: claims.acrs.map(String) } : {}),
    oidc_fields: Object.fromEntries(
      passedOn.flatMap((name) => (name in claims ? [[name, claims[name]]] : [])),
    ),
    ...(config.support_groups ? { groups: await fetchGroups(relyingParty, accessToken) } : {}),
  };
}

/** Builds the identity of a user who proved access to a mailbox, of whom nothing else is known. */
export function buildPinIdentity(at: SignInContext<PinProvider>, email: string): Identity {
  const { user_uuid: id, ...rest } = buildCommonIdentity(at, email);
  return { ...rest, id, user_uuid: id, name: email, oidc_fields: {} };
}

function buildCommonIdentity(
  { store, account, provider, origin }: SignInContext<IdentityProviderRecord>,
  email: string,
) {
  const { id, type } = provider;
  return {
    email,
    idp: { id, type },
    geo: { country: origin.country },
    user_uuid: deriveUserId(account, email),
    account_id: account.id,
    iat: Math.floor(store.now().getTime() / 1000),
    ip: origin.ip,
  };
}

/** Reads the authentication methods from the token for Graph (version 1.0); id tokens of version 2.0 lack them. */
function readAmr(accessToken: string): Pick<Identity, "amr"> {
  const { amr } = decodeJwt(accessToken);
  return Array.isArray(amr) ? { amr: amr.map(String) } : {};
}

/**
 * Chooses the email address: the configured claim, else `email`, else the user principal name:
 * https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/entra-id/#upn-and-email
 */
function chooseEmail(claims: IDToken, configured: unknown): string {
  for (const name of [configured, "email", "upn", "preferred_username"]) {
    const value = typeof name === "string" ? claims[name] : undefined;
    if (typeof value === "string" && value !== "") return value;
  }
  throw missingEmail();
}

/** Fetches all groups of the user, nested ones included, page by page. @throws AccessError when Graph refuses */
async function fetchGroups(relyingParty: RelyingParty, accessToken: string): Promise<IdentityGroup[]> {
  const groups: IdentityGroup[] = [];
  for (let next: string | undefined = "/v1.0/me/transitiveMemberOf?$select=id,displayName"; next; ) {
    const { status, body } = await relyingParty.callGraph(next, accessToken);
    if (status !== 200) throw fetchFailed();
    const page = body as {
      value: { id: string; displayName: string | null }[];
      "@odata.nextLink"?: string;
    };
    for (const { id, displayName } of page.value) groups.push({ id, name: displayName });
    next = page["@odata.nextLink"];
  }
  return groups;
}
