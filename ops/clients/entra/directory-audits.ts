import type { DirectoryAudit } from "@microsoft/microsoft-graph-types";

/** Formats who made a change: the user principal name of a person, or name and id of an application. */
export function formatInitiator(by: DirectoryAudit["initiatedBy"]): string {
  if (by?.user) return by.user.userPrincipalName ?? String(by.user.id);
  return by?.app ? `${by.app.displayName ?? "an application"} (${by.app.appId})` : "unknown";
}
