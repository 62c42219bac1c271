import { decodeJwt } from "jose";
import type { IDToken } from "openid-client";
import type { Account, EntraProvider, IdentityProvider, PinProvider } from "../../store/account";
import { derivedId } from "../../store/ids";
import type { Place } from "../../store/places";
import type { Store } from "../../store/store";
import { AccessError, fetchFailed } from "../errors";
import type { RelyingParty, SignedIn } from "./relying-party";

export interface EntraGroup {
  id: string;
  /** Null where the consent does not reach to names. */
  name: string | null;
}

/**
 * Who signed in, as `get-identity` shows it:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/application-token/#user-identity
 */
export interface Identity {
  /** Subject at the identity provider. */
  id: string;
  name: string;
  email: string;
  /** How somebody signed in, where Entra says it. */
  amr?: string[];
  /** The claims that the identity provider is configured to pass on. */
  oidc_fields: Record<string, unknown>;
  /** Where the identity provider supports groups. */
  groups?: EntraGroup[];
  idp: Pick<IdentityProvider, "id" | "type">;
  geo: { country: string };
  /** Of the email address in this account. */
  user_uuid: string;
  account_id: string;
  /** Seconds since 1970. */
  iat: number;
  ip: string;
}

/** Where somebody signs in, and from where. */
interface At<Provider extends IdentityProvider> {
  store: Store;
  account: Account;
  provider: Provider;
  place: Place;
}

/**
 * Makes an identity of what Entra says, groups and all.
 *
 * @throws AccessError when Graph does not show the groups, or nothing is there to serve as an email address
 */
export async function identityOf(
  at: At<EntraProvider>,
  relyingParty: RelyingParty,
  { claims, accessToken }: SignedIn,
): Promise<Identity> {
  const { config } = at.provider;
  const email = emailOf(claims, config.email_claim_name);
  const passedOn = Array.isArray(config.claims) ? config.claims.map(String) : [];
  return {
    ...known(at, email),
    id: claims.sub,
    name: typeof claims.name === "string" ? claims.name : email,
    ...amrOf(accessToken),
    oidc_fields: Object.fromEntries(
      passedOn.flatMap((name) => (name in claims ? [[name, claims[name]]] : [])),
    ),
    ...(config.support_groups ? { groups: await groupsOf(relyingParty, accessToken) } : {}),
  };
}

/** Of who can read the mail to an address, nothing else is known. */
export function pinIdentity(at: At<PinProvider>, email: string): Identity {
  const { user_uuid: id, ...rest } = known(at, email);
  return { ...rest, id, user_uuid: id, name: email, oidc_fields: {} };
}

function known({ store, account, provider, place }: At<IdentityProvider>, email: string) {
  const { id, type } = provider;
  return {
    email,
    idp: { id, type },
    geo: { country: place.country },
    user_uuid: derivedId(account.id, "user", email.toLowerCase()),
    account_id: account.id,
    iat: Math.floor(store.now().getTime() / 1000),
    ip: place.ip,
  };
}

/** Id tokens of version 2.0 do not tell how somebody signed in; the token for Graph, of version 1.0, does. */
function amrOf(accessToken: string): Pick<Identity, "amr"> {
  const { amr } = decodeJwt(accessToken);
  return Array.isArray(amr) ? { amr: amr.map(String) } : {};
}

/**
 * The claim configured to be the email address, else `email`, else the user principal name:
 * https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/entra-id/#upn-and-email
 */
function emailOf(claims: IDToken, configured: unknown): string {
  for (const name of [configured, "email", "upn", "preferred_username"]) {
    const value = typeof name === "string" ? claims[name] : undefined;
    if (typeof value === "string" && value !== "") return value;
  }
  throw new AccessError(400, "The identity provider did not return an email address");
}

/** All groups of who signed in, nested ones too, page by page. @throws AccessError when Graph refuses */
async function groupsOf(relyingParty: RelyingParty, accessToken: string): Promise<EntraGroup[]> {
  const groups: EntraGroup[] = [];
  for (let next: string | undefined = "/v1.0/me/transitiveMemberOf?$select=id,displayName"; next; ) {
    const { status, body } = await relyingParty.graph(next, accessToken);
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
