/** Kinds of things that are changed. */
export type Kind = "application" | "servicePrincipal" | "group" | "policy" | "grant" | "assignment";

/** How the audit log calls what a call of Graph does. */
export interface Activity {
  name: string;
  kind: Kind;
  operation: "Add" | "Assign" | "Update" | "Unassign" | "Delete";
  /** Parameter of the path that names the thing. Default: `id`. Absent from the path: the answer has it. */
  parameter?: string;
}

const credentials = "Update application – Certificates and secrets management ";

/**
 * The name of each activity, by call.
 *
 * Source: https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities; what it does not name
 * is an update of the object.
 */
export const ACTIVITIES: Record<string, Activity[]> = {
  "POST /applications": [{ name: "Add application", kind: "application", operation: "Add" }],
  "PATCH /applications/{id}": [update("application", "Update application")],
  "DELETE /applications/{id}": [{ name: "Delete application", kind: "application", operation: "Delete" }],
  "POST /applications/{id}/addPassword": [update("application", credentials)],
  "POST /applications/{id}/removePassword": [update("application", credentials)],
  ...references("/applications", "application", "owner"),
  "POST /applicationTemplates/{id}/instantiate": [
    { name: "Add application", kind: "application", operation: "Add" },
    { name: "Add service principal", kind: "servicePrincipal", operation: "Add" },
  ],
  "POST /servicePrincipals": [{ name: "Add service principal", kind: "servicePrincipal", operation: "Add" }],
  "PATCH /servicePrincipals/{id}": [update("servicePrincipal", "Update service principal")],
  "DELETE /servicePrincipals/{id}": [
    { name: "Remove service principal", kind: "servicePrincipal", operation: "Delete" },
  ],
  ...references("/servicePrincipals", "service principal", "owner"),
  ...synchronization("PUT", "secrets"),
  ...synchronization("POST", "jobs"),
  ...synchronization("DELETE", "jobs/{jobId}"),
  ...synchronization("POST", "jobs/{jobId}/start"),
  ...synchronization("POST", "jobs/{jobId}/pause"),
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
  "POST /groups": [{ name: "Add group", kind: "group", operation: "Add" }],
  "PATCH /groups/{id}": [update("group", "Update group")],
  "DELETE /groups/{id}": [{ name: "Delete group", kind: "group", operation: "Delete" }],
  ...references("/groups", "group", "owner"),
  ...references("/groups", "group", "member"),
  "POST /identity/conditionalAccess/policies": [
    { name: "Add conditional access policy", kind: "policy", operation: "Add" },
  ],
  "PATCH /identity/conditionalAccess/policies/{id}": [update("policy", "Update conditional access policy")],
  "DELETE /identity/conditionalAccess/policies/{id}": [
    { name: "Delete conditional access policy", kind: "policy", operation: "Delete" },
  ],
};

function update(kind: Kind, name: string): Activity {
  return { name, kind, operation: "Update" };
}

function references(
  path: string,
  title: "application" | "service principal" | "group",
  who: "owner" | "member",
) {
  const kind = title === "service principal" ? "servicePrincipal" : title;
  const added: Activity = { name: `Add ${who} to ${title}`, kind, operation: "Assign" };
  const removed: Activity = { name: `Remove ${who} from ${title}`, kind, operation: "Unassign" };
  return {
    [`POST ${path}/{id}/${who}s/$ref`]: [added],
    [`DELETE ${path}/{id}/${who}s/{${who}Id}/$ref`]: [removed],
  };
}

function synchronization(method: string, below: string): Record<string, Activity[]> {
  const call = `${method} /servicePrincipals/{id}/synchronization/${below}`;
  return { [call]: [update("servicePrincipal", "Update service principal")] };
}
