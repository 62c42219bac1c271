import { closest } from "fastest-levenshtein";
import delegatedPermissionIds from "./graph-permission-ids.json";

/** Application (client) id of Microsoft Graph, the same in every tenant and cloud. */
export const microsoftGraphAppId = "00000003-0000-0000-c000-000000000000";

/** What every profile asks for; they differ in how groups are read. */
const common = ["email", "openid", "profile", "offline_access", "User.Read", "Directory.Read.All"] as const;

/**
 * Named lists of delegated Microsoft Graph permissions.
 *
 * - `tutorial`: the list of Microsoft's tutorial "Configure Cloudflare with Microsoft Entra ID"; the default.
 * - `cloudflare-current`: Cloudflare's own page, which asks for GroupMember.Read.All instead of Group.Read.All,
 *   because the latter also opens the conversations, files and calendars of every group.
 */
export const permissionProfiles = {
  tutorial: [...common, "Group.Read.All"],
  "cloudflare-current": [...common, "GroupMember.Read.All"],
} as const satisfies Record<string, readonly string[]>;

export type PermissionProfile = keyof typeof permissionProfiles;

/** Ids of all delegated Microsoft Graph permissions by name (microsoftgraph/microsoft-graph-devx-content, MIT). */
const ids: Readonly<Record<string, string>> = delegatedPermissionIds;
const names = Object.keys(ids);

/**
 * What is wrong with a permission name, or undefined when Microsoft Graph has a delegated permission of that name.
 * Names are case-sensitive, as they are in a consent's scope.
 *
 * @example permissionProblem("Group.Read.Al") // 'no delegated permission of Microsoft Graph; did you mean "Group.Read.All"?'
 */
export function permissionProblem(name: string): string | undefined {
  if (Object.hasOwn(ids, name)) return undefined;
  const sameLetters = names.find((known) => known.toLowerCase() === name.toLowerCase());
  const nearest = sameLetters ?? closest(name, names);
  return `no delegated permission of Microsoft Graph; did you mean "${nearest}"?`;
}

/**
 * The id of a delegated Microsoft Graph permission.
 *
 * @throws Error that names the nearest permission, when there is none of this name.
 */
export function permissionId(name: string): string {
  const problem = permissionProblem(name);
  if (problem) throw new Error(`"${name}" is ${problem}`);
  return ids[name] as string;
}
