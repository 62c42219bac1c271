/** The kinds of objects in the audit log. */
export type AuditedKind =
  | "application"
  | "servicePrincipal"
  | "group"
  | "policy"
  | "grant"
  | "assignment"
  | "user"
  | "location"
  | "context";

/** The audit log's description of the change that a call of Graph makes. */
export interface Activity {
  name: string;
  kind: AuditedKind;
  operation: "Add" | "Assign" | "Update" | "Unassign" | "Delete";
  /** Path parameter with the id of the object; if the path lacks it, the id is in the answer. Default: `id`. */
  parameter?: string;
}

const credentials = "Update application – Certificates and secrets management ";

/**
 * The name of each activity, by call.
 *
 * Source: https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities; activities that it
 * does not list are updates of the object.
 */
export const ACTIVITIES: Record<string, Activity[]> = {
  ...defineChanges("/applications", "application", "application"),
  "POST /applications/{id}/addPassword": [defineUpdate("application", credentials)],
  "POST /applications/{id}/removePassword": [defineUpdate("application", credentials)],
  "POST /applications/{id}/federatedIdentityCredentials": [defineUpdate("application", credentials)],
  "PATCH /applications/{id}/federatedIdentityCredentials/{credentialId}": [
    defineUpdate("application", credentials),
  ],
  "DELETE /applications/{id}/federatedIdentityCredentials/{credentialId}": [
    defineUpdate("application", credentials),
  ],
  ...defineReferences("/applications", "application", "owner"),
  "POST /applicationTemplates/{id}/instantiate": [
    { name: "Add application", kind: "application", operation: "Add" },
    { name: "Add service principal", kind: "servicePrincipal", operation: "Add" },
  ],
  ...defineChanges("/servicePrincipals", "servicePrincipal", "service principal", "Remove"),
  ...defineReferences("/servicePrincipals", "service principal", "owner"),
  ...defineSynchronization("PUT", "secrets"),
  ...defineSynchronization("POST", "jobs"),
  ...defineSynchronization("DELETE", "jobs/{jobId}"),
  ...defineSynchronization("POST", "jobs/{jobId}/start"),
  ...defineSynchronization("POST", "jobs/{jobId}/pause"),
  ...defineSynchronization("POST", "jobs/{jobId}/restart"),
  "PATCH /users/{id}": [defineUpdate("user", "Update user")],
  "DELETE /users/{id}": [{ name: "Delete user", kind: "user", operation: "Delete" }],
  "POST /oauth2PermissionGrants": [
    { name: "Add delegated permission grant", kind: "grant", operation: "Assign" },
  ],
  "PATCH /oauth2PermissionGrants/{id}": [
    { name: "Add delegated permission grant", kind: "grant", operation: "Assign" },
  ],
  "DELETE /oauth2PermissionGrants/{id}": [
    { name: "Remove delegated permission grant", kind: "grant", operation: "Unassign" },
  ],
  "POST /servicePrincipals/{id}/appRoleAssignedTo": [
    { name: "Add app role assignment", kind: "assignment", operation: "Assign", parameter: "assignmentId" },
  ],
  "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}": [
    {
      name: "Remove app role assignment",
      kind: "assignment",
      operation: "Unassign",
      parameter: "assignmentId",
    },
  ],
  ...defineChanges("/groups", "group", "group"),
  ...defineReferences("/groups", "group", "owner"),
  ...defineReferences("/groups", "group", "member"),
  ...defineChanges("/identity/conditionalAccess/policies", "policy", "conditional access policy"),
  ...defineChanges("/identity/conditionalAccess/namedLocations", "location", "named location"),
  "PATCH /identity/conditionalAccess/authenticationContextClassReferences/{id}": [
    defineUpdate("context", "Update authentication context"),
  ],
};

function defineUpdate(kind: AuditedKind, name: string): Activity {
  return { name, kind, operation: "Update" };
}

function defineChanges(
  path: string,
  kind: AuditedKind,
  title: string,
  removal: "Delete" | "Remove" = "Delete",
): Record<string, Activity[]> {
  return {
    [`POST ${path}`]: [{ name: `Add ${title}`, kind, operation: "Add" }],
    [`PATCH ${path}/{id}`]: [defineUpdate(kind, `Update ${title}`)],
    [`DELETE ${path}/{id}`]: [{ name: `${removal} ${title}`, kind, operation: "Delete" }],
  };
}

function defineReferences(
  path: string,
  title: "application" | "service principal" | "group",
  relation: "owner" | "member",
) {
  const kind = title === "service principal" ? "servicePrincipal" : title;
  const added: Activity = { name: `Add ${relation} to ${title}`, kind, operation: "Assign" };
  const removed: Activity = { name: `Remove ${relation} from ${title}`, kind, operation: "Unassign" };
  return {
    [`POST ${path}/{id}/${relation}s/$ref`]: [added],
    [`DELETE ${path}/{id}/${relation}s/{${relation}Id}/$ref`]: [removed],
  };
}

function defineSynchronization(method: string, below: string): Record<string, Activity[]> {
  const call = `${method} /servicePrincipals/{id}/synchronization/${below}`;
  return { [call]: [defineUpdate("servicePrincipal", "Update service principal")] };
}
