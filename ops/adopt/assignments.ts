/** Assignments of an application that only assigned people may sign in to. */
import type { AppRoleAssignment } from "@microsoft/microsoft-graph-types";
import type { AdoptionCandidate } from "./candidates";

/** The role of default access, which applications without roles assign. */
const DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

export interface AssignedGroups {
  /** The role that most groups are assigned with. */
  readonly appRoleId: string;
  /** Object ids of all groups that are assigned, whatever the role. */
  readonly groups: ReadonlySet<string>;
  /** The assignments with that role by the object id of the group, in the form that the provider imports. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Finds the groups that are assigned to a candidate; undefined if everybody may sign in. */
export function findAssignments({
  application,
  servicePrincipal,
  assignments = [],
}: AdoptionCandidate): AssignedGroups | undefined {
  if (!servicePrincipal?.appRoleAssignmentRequired) return undefined;
  const ofGroups = assignments.filter(({ principalType }) => principalType === "Group");
  const roles = application.appRoles?.filter(
    ({ isEnabled, allowedMemberTypes }) => isEnabled && allowedMemberTypes?.includes("User"),
  );
  const appRoleId = findMostFrequentRole(ofGroups) ?? roles?.[0]?.id ?? DEFAULT_ACCESS;
  const path = `/servicePrincipals/${servicePrincipal.id}/appRoleAssignedTo`;
  const withRole = ofGroups.filter((assignment) => assignment.appRoleId === appRoleId);
  return {
    appRoleId,
    groups: new Set(ofGroups.map(({ principalId }) => String(principalId))),
    imports: new Map(withRole.map(({ id, principalId }) => [String(principalId), `${path}/${id}`])),
  };
}

function findMostFrequentRole(assignments: readonly AppRoleAssignment[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { appRoleId } of assignments)
    counts.set(String(appRoleId), (counts.get(String(appRoleId)) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}
