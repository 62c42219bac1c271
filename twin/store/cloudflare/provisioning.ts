import { deriveId } from "../ids";
import type { Account, EntraProvider } from "./account";
import type { AccessUser, ScimResource } from "./users";

/** The parts of an identity by which a user is known. */
interface SignedInIdentity {
  user_uuid: string;
  email: string;
  name: string;
  idp: { id: string };
}

/** Returns the id of the user with a mail address. */
export function deriveUserId(account: Account, email: string): string {
  return deriveId(account.id, "user", email.toLowerCase());
}

/** Records that a user signed in, which takes a seat. @returns the number of revocations until now */
export function takeSeat(account: Account, identity: SignedInIdentity, now: string): number {
  const { user_uuid: id, email, name } = identity;
  const known = account.users.get(id);
  account.users.set(id, {
    id,
    email,
    name,
    seatId: known?.seatId ?? deriveId(account.id, "seat", id),
    hasSeat: true,
    revocations: known?.revocations ?? 0,
    lastSeenIdentity: { ...identity },
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    lastLoginAt: now,
  });
  reactivate(account, identity, now);
  return known?.revocations ?? 0;
}

/** Activates the SCIM User of a person who signs in again, which Access does with automatic updates only. */
function reactivate(account: Account, { idp, email }: SignedInIdentity, now: string): void {
  const provider = account.identityProviders.get(idp.id);
  if (provider?.type !== "azureAD" || provider.scim.identityUpdateBehavior !== "automatic") return;
  for (const user of account.scimUsers.values())
    if (user.identityProviderId === idp.id && listAddresses(user).includes(email.toLowerCase())) {
      if (user.attributes.active === false) user.updatedAt = now;
      user.attributes.active = true;
    }
}

/** Returns the addresses by which Access recognizes the user of a SCIM User: its user name and work addresses. */
function listAddresses({ attributes: { userName, emails = [] } }: ScimResource): string[] {
  return [userName, ...emails.map(({ value }) => value)].flatMap((one) => (one ? [one.toLowerCase()] : []));
}

/** Finds the account's users who belong to a SCIM User; none before the person has signed in. */
export function findUsersOf(account: Account, resource: ScimResource): AccessUser[] {
  const ids = new Set(listAddresses(resource).map((email) => deriveUserId(account, email)));
  return [...ids].flatMap((id) => account.users.get(id) ?? []);
}

/** Ends the sessions of the users and frees their seats, as far as the identity provider is set to. */
export function deprovision({ scim }: EntraProvider, users: readonly AccessUser[]): void {
  for (const user of users) {
    if (scim.userDeprovision) user.revocations++;
    if (scim.seatDeprovision) user.hasSeat = false;
  }
}

/** Removes what an identity provider provisioned. */
export function deleteProvisioned(account: Account, identityProviderId: string): void {
  for (const resources of [account.scimUsers, account.scimGroups])
    for (const [id, resource] of resources)
      if (resource.identityProviderId === identityProviderId) resources.delete(id);
}
