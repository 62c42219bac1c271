import data from "./permission-table.json";

interface Table {
  /** Where the table was taken from. */
  source: string;
  /** Application permissions, any of which allows the call; `A and B` where Microsoft asks for both. Empty: any token will do. */
  calls: Record<string, string[]>;
  /** The same on behalf of a user: delegated permissions. A call that is not here is served to applications alone. */
  onBehalfOfUsers: Record<string, string[]>;
  /** Delegated permissions: id, and who may consent. */
  delegated: Record<string, [id: string, consent: string]>;
  /** Application permissions: id. */
  application: Record<string, string>;
}

/**
 * Microsoft's own permission tables, of which `calls` and `onBehalfOfUsers` hold what the twin serves: microsoft-graph-devx-content,
 * `permissions/permissions-descriptions.json` and `permissions/new/permissions.json`.
 */
export const PERMISSIONS = data as unknown as Table;

/** The permissions that one entry of {@link Table.calls} asks for together. */
export function allOf(entry: string): string[] {
  return entry.split(" and ");
}

/** Whether a permission shows a part of an object, or depends on what the twin does not have. */
export function isPartial(permission: string): boolean {
  return /\.ReadBasic\.|^Device/.test(permission);
}

const delegatedIds = new Set(Object.values(PERMISSIONS.delegated).map(([id]) => id));
const applicationIds = new Set(Object.values(PERMISSIONS.application));

/** Whether Microsoft Graph has a delegated permission (`Scope`) or an application permission (`Role`) of this id. */
export function isGraphPermission(type: string, id: string): boolean {
  return (type === "Scope" ? delegatedIds : applicationIds).has(id.toLowerCase());
}
