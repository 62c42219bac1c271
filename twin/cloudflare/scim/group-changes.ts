import type { Account, EntraProvider } from "../../store/cloudflare/account";
import { findUsersOf } from "../../store/cloudflare/provisioning";
import type { ScimResource } from "../../store/cloudflare/users";

/**
 * Applies the change of a SCIM Group to the users who are or were its members, as the identity provider is set to:
 * https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/entra-id/#synchronize-users-and-groups
 *
 * @param before undefined for a new group
 * @param after undefined for a deleted group
 */
export function applyGroupChange(
  account: Account,
  provider: EntraProvider,
  before: ScimResource | undefined,
  after: ScimResource | undefined,
): void {
  const [old, current] = [listMembers(before), listMembers(after)];
  const behavior = provider.scim.identityUpdateBehavior;
  for (const id of new Set([...old, ...current])) {
    const member = account.scimUsers.get(id);
    if (!member) continue;
    for (const user of findUsersOf(account, member)) {
      if (behavior === "reauth" && old.has(id) !== current.has(id)) user.revocations++;
      // The groups that provisioning knows replace those that the sign-in has read.
      if (behavior === "automatic") user.lastSeenIdentity.groups = listGroups(account, provider, id);
    }
  }
}

const listMembers = (group: ScimResource | undefined) =>
  new Set((group?.attributes.members ?? []).map(({ value }) => value));

function listGroups(account: Account, provider: EntraProvider, userId: string) {
  return [...account.scimGroups.values()]
    .filter((group) => group.identityProviderId === provider.id && listMembers(group).has(userId))
    .map(({ id, attributes }) => ({ id: attributes.externalId ?? id, name: attributes.displayName ?? null }));
}
