import data from "./permission-table.json";

interface PermissionTable {
  /** Origin of the table. */
  source: string;
  /** Application permissions, any of which allows the call; `A and B` requires both. Empty: any token is enough. */
  calls: Record<string, string[]>;
  /** Delegated permissions, any of which allows the call. A call without an entry is only served to applications. */
  onBehalfOfUsers: Record<string, string[]>;
  /** Delegated permissions: id, and the role that may consent. */
  delegated: Record<string, [id: string, consent: string]>;
  /** Application permissions: id. */
  application: Record<string, string>;
}

/**
 * Microsoft's permission tables, with the calls that the twin serves: microsoft-graph-devx-content,
 * `permissions/permissions-descriptions.json` and `permissions/new/permissions.json`.
 */
export const GRAPH_PERMISSIONS = data as unknown as PermissionTable;

/** Splits an entry of {@link PermissionTable.calls} into the permissions that it requires together. */
export function splitPermissions(entry: string): string[] {
  return entry.split(" and ");
}

/** Tells if a permission only shows parts of objects, or depends on data that the twin does not have. */
export function isPartial(permission: string): boolean {
  return /\.ReadBasic\.|^Device/.test(permission);
}

const delegatedIds = new Set(Object.values(GRAPH_PERMISSIONS.delegated).map(([id]) => id));
const applicationIds = new Set(Object.values(GRAPH_PERMISSIONS.application));

/** Tells if Microsoft Graph has a delegated (`Scope`) or application permission (`Role`) with this id. */
export function isGraphPermission(type: string, id: string): boolean {
  return (type === "Scope" ? delegatedIds : applicationIds).has(id.toLowerCase());
}
