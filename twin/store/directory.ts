import type { GroupSeed, UserSeed } from "../seed/seed";
import { secretHash } from "./secrets";
import type { Group, Tenant, User } from "./tenant";

/** A user as the seed has it. @param createdDateTime ISO 8601 UTC, whole seconds */
export function seededUser(seed: UserSeed, createdDateTime: string): User {
  return {
    id: seed.id,
    userPrincipalName: seed.userPrincipalName,
    mail: seed.mail ?? null,
    displayName: seed.displayName,
    givenName: seed.givenName ?? null,
    surname: seed.surname ?? null,
    userType: seed.userType ?? "Member",
    accountEnabled: seed.accountEnabled ?? true,
    createdDateTime,
    roles: [...(seed.roles ?? [])],
    secondFactor: seed.secondFactor ?? false,
    ...(seed.password === undefined ? {} : { passwordHash: secretHash(seed.password) }),
  };
}

/** A security group as the seed has it. @param createdDateTime ISO 8601 UTC, whole seconds */
export function seededGroup(seed: GroupSeed, createdDateTime: string): Group {
  return {
    id: seed.id,
    displayName: seed.displayName,
    description: seed.description ?? null,
    mailNickname: seed.id.slice(0, 10),
    securityEnabled: true,
    isAssignableToRole: null,
    createdDateTime,
    members: [...seed.members],
    owners: [...(seed.owners ?? [])],
  };
}

/** The user with this object id or user principal name, without regard to case, or undefined. */
export function findUser(tenant: Tenant, idOrName: string): User | undefined {
  const wanted = idOrName.toLowerCase();
  return (
    tenant.users.get(wanted) ??
    [...tenant.users.values()].find((user) => user.userPrincipalName.toLowerCase() === wanted)
  );
}

/** Groups that have the object as a direct member. */
export function groupsOf(tenant: Tenant, memberId: string): Group[] {
  return [...tenant.groups.values()].filter((group) => group.members.includes(memberId));
}

/** Groups that the object is in, directly or through other groups; each once, the near ones first. */
export function transitiveGroupsOf(tenant: Tenant, memberId: string): Group[] {
  return reach(groupsOf(tenant, memberId), (group) => groupsOf(tenant, group.id));
}

/** Object ids in a group, directly or through groups in it; each once. Groups in it count too. */
export function transitiveMembersOf(tenant: Tenant, group: Group): string[] {
  return [...new Set([group, ...groupsWithin(tenant, group)].flatMap(({ members }) => members))];
}

function groupsWithin(tenant: Tenant, group: Group): Group[] {
  const inside = ({ members }: Group) => members.flatMap((id) => tenant.groups.get(id) ?? []);
  return reach(inside(group), inside);
}

/** Everything that can be reached from `start`. Groups may contain each other, so what was seen is not followed. */
function reach(start: Group[], next: (group: Group) => Group[]): Group[] {
  const seen = new Set(start);
  for (const group of seen) for (const other of next(group)) seen.add(other);
  return [...seen];
}

/**
 * Whether a user may use an application that asks for assignment: assigned themself, or as a direct member of a group
 * that is. Groups inside it do not count.
 *
 * Source: https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal
 *
 * @param resourceId object id of the application's service principal
 */
export function isAssigned(tenant: Tenant, userId: string, resourceId: string): boolean {
  const principals = [userId, ...groupsOf(tenant, userId).map(({ id }) => id)];
  return [...tenant.appRoleAssignments.values()].some(
    (assignment) => assignment.resourceId === resourceId && principals.includes(assignment.principalId),
  );
}

/** Deletes a group with its app role assignments. Who held it as a member holds nothing any more. */
export function deleteGroup(tenant: Tenant, group: Group): void {
  tenant.groups.delete(group.id);
  deleteAssignments(tenant, group.id);
}

/** Deletes the app role assignments of an object, as who is assigned or as what they are assigned to. */
export function deleteAssignments(tenant: Tenant, id: string): void {
  for (const assignment of [...tenant.appRoleAssignments.values()]) {
    if (assignment.principalId === id || assignment.resourceId === id) {
      tenant.appRoleAssignments.delete(assignment.id);
    }
  }
}
