import type { DirectoryRole } from "../store/entra/directory-roles";
import type { User } from "../store/entra/tenant";
import type { Caller, GraphCall } from "./call";
import { accessDenied, graphNotServed } from "./errors";

const APPLICATIONS = [
  "applications/create",
  "applications/delete",
  ...["appRoles", "audience", "authentication", "basic", "credentials", "notes", "owners", "permissions"].map(
    (part) => `applications/${part}/update`,
  ),
  "applications/tag/update",
  "auditLogs/allProperties/read",
  "oAuth2PermissionGrants/allProperties/allTasks",
  "servicePrincipals/appRoleAssignedTo/update",
  ...["create", "delete", "disable", "enable"].map((task) => `servicePrincipals/${task}`),
  ...["basic", "notes", "owners", "tag"].map((part) => `servicePrincipals/${part}/update`),
  "signInReports/allProperties/read",
];
const GROUPS = [
  "groups/create",
  "groups/delete",
  ...["basic", "members", "owners"].map((part) => `groups/${part}/update`),
];
const CONDITIONAL_ACCESS = ["conditionalAccessPolicies", "namedLocations"];
const CONDITIONAL_ACCESS_READ = CONDITIONAL_ACCESS.map((kind) => `${kind}/standard/read`);
const LOGS = ["auditLogs/allProperties/read", "signInReports/allProperties/read"];

/** The action that consents to application permissions of Microsoft Graph. */
export const CONSENT_TO_ANYTHING = "servicePrincipals/managePermissionGrantsForAll.microsoft-company-admin";

/**
 * The actions of directory roles that calls of the twin need, without "microsoft.directory/". A Global Administrator has all.
 *
 * Source: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
const ROLE_ACTIONS: Readonly<Record<DirectoryRole, readonly string[] | "all">> = {
  "Global Administrator": "all",
  "Application Administrator": APPLICATIONS,
  "Cloud Application Administrator": APPLICATIONS,
  "Privileged Role Administrator": [
    "oAuth2PermissionGrants/allProperties/allTasks",
    "servicePrincipals/appRoleAssignedTo/update",
    CONSENT_TO_ANYTHING,
  ],
  "Groups Administrator": GROUPS,
  "User Administrator": [
    ...GROUPS,
    "oAuth2PermissionGrants/allProperties/allTasks",
    "servicePrincipals/appRoleAssignedTo/update",
  ],
  "Conditional Access Administrator": [
    ...CONDITIONAL_ACCESS_READ,
    ...CONDITIONAL_ACCESS.flatMap((kind) => [`${kind}/basic/update`, `${kind}/create`, `${kind}/delete`]),
  ],
  "Global Reader": [...CONDITIONAL_ACCESS_READ, ...LOGS],
  "Security Reader": [...CONDITIONAL_ACCESS_READ, ...LOGS],
  "Reports Reader": LOGS,
  "Directory Readers": [],
};

/**
 * The actions that a call needs all of when it is made on behalf of a person. Those that are not listed read what every
 * member of a tenant may read: https://learn.microsoft.com/entra/fundamentals/users-default-permissions
 */
const NEEDED_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "POST /applications": ["applications/create"],
  "PATCH /applications/{id}": APPLICATIONS.filter(
    (action) => /^applications\/.*\/update$/.test(action) && !/credentials|owners/.test(action),
  ),
  "DELETE /applications/{id}": ["applications/delete"],
  ...need("applications/credentials/update", [
    "POST /applications/{id}/addPassword",
    "POST /applications/{id}/removePassword",
    "POST /applications/{id}/federatedIdentityCredentials",
    "PATCH /applications/{id}/federatedIdentityCredentials/{credentialId}",
    "DELETE /applications/{id}/federatedIdentityCredentials/{credentialId}",
  ]),
  ...need("applications/owners/update", [
    "POST /applications/{id}/owners/$ref",
    "DELETE /applications/{id}/owners/{ownerId}/$ref",
  ]),
  "POST /servicePrincipals": ["servicePrincipals/create"],
  "PATCH /servicePrincipals/{id}": ["basic/update", "notes/update", "tag/update", "disable", "enable"].map(
    (action) => `servicePrincipals/${action}`,
  ),
  "DELETE /servicePrincipals/{id}": ["servicePrincipals/delete"],
  ...need("servicePrincipals/owners/update", [
    "POST /servicePrincipals/{id}/owners/$ref",
    "DELETE /servicePrincipals/{id}/owners/{ownerId}/$ref",
  ]),
  ...need("oAuth2PermissionGrants/allProperties/allTasks", [
    "POST /oauth2PermissionGrants",
    "PATCH /oauth2PermissionGrants/{id}",
    "DELETE /oauth2PermissionGrants/{id}",
  ]),
  ...need("servicePrincipals/appRoleAssignedTo/update", [
    "POST /servicePrincipals/{id}/appRoleAssignedTo",
    "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
  ]),
  "POST /groups": ["groups/create"],
  "PATCH /groups/{id}": ["groups/basic/update"],
  "DELETE /groups/{id}": ["groups/delete"],
  ...need("groups/members/update", [
    "POST /groups/{id}/members/$ref",
    "DELETE /groups/{id}/members/{memberId}/$ref",
  ]),
  ...need("groups/owners/update", [
    "POST /groups/{id}/owners/$ref",
    "DELETE /groups/{id}/owners/{ownerId}/$ref",
  ]),
  ...needConditionalAccess("conditionalAccessPolicies", "/identity/conditionalAccess/policies"),
  ...needConditionalAccess("namedLocations", "/identity/conditionalAccess/namedLocations"),
  "GET /auditLogs/directoryAudits": ["auditLogs/allProperties/read"],
};

function need(action: string, calls: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(calls.map((call) => [call, [action]]));
}

function needConditionalAccess(kind: string, path: string): Record<string, readonly string[]> {
  return {
    ...need(`${kind}/standard/read`, [`GET ${path}`, `GET ${path}/{id}`]),
    ...need(`${kind}/create`, [`POST ${path}`]),
    ...need(`${kind}/basic/update`, [`PATCH ${path}/{id}`]),
    ...need(`${kind}/delete`, [`DELETE ${path}/{id}`]),
  };
}

/** Tells if roles allow a call, as far as the call alone decides. */
export function isAllowedByRoles(call: string, roles: readonly DirectoryRole[]): boolean {
  return (NEEDED_ACTIONS[call] ?? []).every((action) => hasAction(roles, action));
}

/** Tells if one of the roles has an action. */
export function hasAction(roles: readonly DirectoryRole[], action: string): boolean {
  return roles.some((role) => ROLE_ACTIONS[role] === "all" || ROLE_ACTIONS[role].includes(action));
}

/** Calls that members may make without a role, unless the tenant forbids it. */
const FOR_MEMBERS = ["POST /applications", "POST /servicePrincipals", "POST /groups"];

/**
 * Refuses a call on behalf of a person whose roles do not allow it.
 *
 * @throws GraphError 403, or 501 where a setting of the tenant or ownership would decide
 */
export function requireRole(call: GraphCall, name: string): void {
  const { user } = call.caller;
  if (!user || isAllowedByRoles(name, user.roles)) return;
  if (FOR_MEMBERS.includes(name) || ownsObject(call, user))
    throw graphNotServed(call.c.req, `on behalf of ${user.userPrincipalName}, whose roles do not allow it`);
  throw accessDenied();
}

function ownsObject({ c, tenant }: GraphCall, user: User): boolean {
  const id = c.req.param("id") ?? "";
  const owned = [tenant.applications, tenant.servicePrincipals, tenant.groups];
  return owned.some((objects) => objects.get(id)?.owners.includes(user.id));
}

/** Refuses a person without a role that has this action. */
export function requireAction({ caller }: { caller: Caller }, action: string): void {
  if (caller.user && !hasAction(caller.user.roles, action)) throw accessDenied();
}
