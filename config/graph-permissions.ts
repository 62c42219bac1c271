import { closest } from "fastest-levenshtein";
import delegatedPermissionIds from "./graph-permission-ids.json";

/** Application (client) id of Microsoft Graph, the same in every tenant and cloud. */
export const microsoftGraphAppId = "00000003-0000-0000-c000-000000000000";

/**
 * The application permission with which Cloudflare reads authentication contexts:
 * https://developers.cloudflare.com/cloudflare-one/tutorials/entra-id-conditional-access/
 */
export const readConditionalAccessRoleId = "37730810-e9ba-4e46-b07e-8ca78d182097";

const common = ["email", "openid", "profile", "offline_access", "User.Read", "Directory.Read.All"] as const;

/**
 * Named lists of delegated Microsoft Graph permissions, which differ in how groups are read.
 *
 * - `tutorial`: the list of Microsoft's tutorial "Configure Cloudflare with Microsoft Entra ID"; the default.
 * - `cloudflare-current`: Cloudflare's own page, which asks for GroupMember.Read.All instead of Group.Read.All,
 *   because the latter also opens the conversations, files and calendars of every group.
 */
export const permissionProfiles = {
  tutorial: [...common, "Group.Read.All"],
  "cloudflare-current": [...common, "GroupMember.Read.All"],
} as const satisfies Record<string, readonly string[]>;

/** Ids of all delegated Microsoft Graph permissions by name (microsoftgraph/microsoft-graph-devx-content, MIT). */
const ids: Readonly<Record<string, string>> = delegatedPermissionIds;

/** Tells if Microsoft Graph has a delegated permission of this case-sensitive name. */
export function isPermission(name: string): boolean {
  return Object.hasOwn(ids, name);
}

/**
 * Suggests the delegated permission of Microsoft Graph whose name is nearest.
 *
 * @example suggestPermission("Group.Read.Al") // "Group.Read.All"
 */
export function suggestPermission(name: string): string {
  const names = Object.keys(ids);
  // Scopes are often written as addresses: https://graph.microsoft.com/User.Read
  const bare = name.slice(name.lastIndexOf("/") + 1);
  return names.find((known) => known.toLowerCase() === bare.toLowerCase()) ?? closest(bare, names);
}

/**
 * Returns the id of a delegated Microsoft Graph permission.
 *
 * @throws Error that names the nearest permission if there is none of this name
 */
export function getPermissionId(name: string): string {
  if (isPermission(name)) return ids[name] as string;
  throw new Error(
    `unknown delegated Microsoft Graph permission "${name}"; did you mean "${suggestPermission(name)}"?`,
  );
}
