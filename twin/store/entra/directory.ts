import type { GroupSeed, UserSeed } from "../../seed/seed";
import { hashSecret } from "../secrets";
import type { AppRoleAssignment, EntraTenant, Group, User } from "./tenant";

/** Builds a user from its seed. @param createdDateTime ISO 8601 UTC, whole seconds */
export function buildUser(seed: UserSeed, createdDateTime: string): User {
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
    hasPhone: seed.secondFactor ?? false,
    ...(seed.password === undefined ? {} : { passwordHash: hashSecret(seed.password) }),
  };
}

/** Builds a security group from its seed. @param createdDateTime ISO 8601 UTC, whole seconds */
export function buildGroup(seed: GroupSeed, createdDateTime: string): Group {
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

/** Finds a user by object id or user principal name, ignoring case. */
export function findUser(tenant: EntraTenant, idOrName: string): User | undefined {
  const key = idOrName.toLowerCase();
  return (
    tenant.users.get(key) ??
    [...tenant.users.values()].find((user) => user.userPrincipalName.toLowerCase() === key)
  );
}

/** Finds the groups that have the object as a direct member. */
export function findGroupsOfMember(tenant: EntraTenant, memberId: string): Group[] {
  return [...tenant.groups.values()].filter((group) => group.members.includes(memberId));
}

/** Finds the groups that contain the object, directly or through other groups; each once, the nearest first. */
export function findTransitiveGroups(tenant: EntraTenant, memberId: string): Group[] {
  return reach(findGroupsOfMember(tenant, memberId), (group) => findGroupsOfMember(tenant, group.id));
}

/** Lists the object ids of direct and nested members, nested groups included; each once. */
export function listTransitiveMembers(tenant: EntraTenant, group: Group): string[] {
  return [...new Set([group, ...findNestedGroups(tenant, group)].flatMap(({ members }) => members))];
}

function findNestedGroups(tenant: EntraTenant, group: Group): Group[] {
  const inside = ({ members }: Group) => members.flatMap((id) => tenant.groups.get(id) ?? []);
  return reach(inside(group), inside);
}

/** Collects all groups that can be reached from `start`; each is followed once, since groups may contain each other. */
function reach(start: Group[], next: (group: Group) => Group[]): Group[] {
  const reached = new Set(start);
  for (const group of reached) for (const other of next(group)) reached.add(other);
  return [...reached];
}

/** The role of an assignment to an application without a role in particular. */
export const DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000";

/**
 * Finds the assignments of a user to an application, direct ones and those of groups that they are a direct member of.
 * Nested groups do not count.
 *
 * Source: https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal
 *
 * @param resourceId object id of the application's service principal
 */
export function findAssignments(
  tenant: EntraTenant,
  userId: string,
  resourceId: string,
): AppRoleAssignment[] {
  const principals = [userId, ...findGroupsOfMember(tenant, userId).map(({ id }) => id)];
  return [...tenant.appRoleAssignments.values()].filter(
    (assignment) => assignment.resourceId === resourceId && principals.includes(assignment.principalId),
  );
}

/**
 * Finds the groups of a user that are assigned to an application; nested groups do not count.
 *
 * Source: https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-group-claims
 *
 * @param resourceId object id of the application's service principal
 */
export function listGroupsOfUser(tenant: EntraTenant, userId: string, resourceId: string): Group[] {
  const assignments = [...tenant.appRoleAssignments.values()].filter((one) => one.resourceId === resourceId);
  const principals = new Set(assignments.map(({ principalId }) => principalId));
  return findGroupsOfMember(tenant, userId).filter(({ id }) => principals.has(id));
}

/** Deletes a group with its app role assignments. */
export function deleteGroup(tenant: EntraTenant, group: Group): void {
  tenant.groups.delete(group.id);
  deleteAssignments(tenant, group.id);
}

/** Deletes a user with memberships, ownerships of groups and app role assignments. */
export function deleteUser(tenant: EntraTenant, user: User): void {
  tenant.users.delete(user.id);
  for (const group of tenant.groups.values()) {
    group.members = group.members.filter((id) => id !== user.id);
    group.owners = group.owners.filter((id) => id !== user.id);
  }
  deleteAssignments(tenant, user.id);
}

/** Deletes the app role assignments of an object, both those it has and those to it. */
export function deleteAssignments(tenant: EntraTenant, id: string): void {
  for (const assignment of [...tenant.appRoleAssignments.values()]) {
    if (assignment.principalId === id || assignment.resourceId === id) {
      tenant.appRoleAssignments.delete(assignment.id);
    }
  }
}
