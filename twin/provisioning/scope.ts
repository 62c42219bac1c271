import type { EntraTenant, Group, ServicePrincipal, User } from "../store/entra/tenant";

/** The users and groups that are provisioned to an application. */
export interface ProvisioningScope {
  users: User[];
  groups: Group[];
}

/**
 * Lists the users and groups that are assigned to the application, and the direct members of the groups. Groups within
 * groups are not expanded:
 * https://learn.microsoft.com/entra/identity/app-provisioning/how-provisioning-works#assignment-based-scoping
 */
export function listScope(tenant: EntraTenant, { id }: ServicePrincipal): ProvisioningScope {
  const assigned = [...tenant.appRoleAssignments.values()]
    .filter(({ resourceId }) => resourceId === id)
    .map(({ principalId }) => principalId);
  const groups = assigned.flatMap((one) => tenant.groups.get(one) ?? []);
  const people = [...assigned, ...groups.flatMap(({ members }) => members)];
  const users = people.flatMap((one) => tenant.users.get(one) ?? []);
  return { users: [...new Set(users)], groups: [...new Set(groups)] };
}
