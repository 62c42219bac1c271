import { createHash } from "node:crypto";
import type { AppRoleAssignment, EntraTenant, ServicePrincipal } from "../../store/entra/tenant";
import { findPrincipalByAppId, GRAPH_APP_ID } from "../../store/store";
import { type GraphCall, requireAnyPermission } from "../call";
import { badRequest } from "../errors";
import { GRAPH_PERMISSIONS } from "../permissions";
import { CONSENT_TO_ANYTHING, requireAction } from "../roles";

/**
 * Lists the application permissions of Microsoft Graph that were granted in a tenant, which Entra keeps as assignments to the
 * service principal of Microsoft Graph.
 */
export function listGrantedPermissions(tenant: EntraTenant): AppRoleAssignment[] {
  const resourceId = findPrincipalByAppId(tenant, GRAPH_APP_ID)?.id ?? "";
  return [...tenant.servicePrincipals.values()].flatMap(({ id, createdDateTime, applicationPermissions }) =>
    applicationPermissions.map((permission) => {
      const appRoleId = GRAPH_PERMISSIONS.application[permission] ?? "";
      const key = createHash("sha256").update(`${id} ${appRoleId}`).digest("base64url");
      return { id: key, createdDateTime, appRoleId, principalId: id, resourceId };
    }),
  );
}

/** Grants an application permission of Microsoft Graph. @throws GraphError 403, or 400 for an unknown one */
export function grantPermission(call: GraphCall, principalId: string, appRoleId: string): AppRoleAssignment {
  // Microsoft's table also lists Application.ReadWrite.All, which may not grant permissions of Microsoft Graph.
  requireAnyPermission(call, ["AppRoleAssignment.ReadWrite.All"]);
  requireAction(call, CONSENT_TO_ANYTHING);
  const principal = call.tenant.servicePrincipals.get(principalId);
  const permission = Object.entries(GRAPH_PERMISSIONS.application).find(([, id]) => id === appRoleId)?.[0];
  if (!principal || permission === undefined)
    throw badRequest("Permission being assigned was not found on application");
  if (principal.applicationPermissions.includes(permission))
    throw badRequest("Permission being assigned already exists on the object");
  principal.applicationPermissions.push(permission);
  return findGranted(call.tenant, principal, permission);
}

function findGranted(tenant: EntraTenant, { id }: ServicePrincipal, permission: string): AppRoleAssignment {
  const appRoleId = GRAPH_PERMISSIONS.application[permission];
  const granted = listGrantedPermissions(tenant).find(
    (one) => one.principalId === id && one.appRoleId === appRoleId,
  );
  if (!granted) throw new Error(`${permission} was not granted`);
  return granted;
}

/** Revokes a permission. @returns false if there is no such assignment */
export function revokePermission(call: GraphCall, assignmentId: string): boolean {
  const { tenant } = call;
  const granted = listGrantedPermissions(tenant).find(({ id }) => id === assignmentId);
  const principal = granted && tenant.servicePrincipals.get(granted.principalId);
  if (!principal) return false;
  requireAnyPermission(call, ["AppRoleAssignment.ReadWrite.All"]);
  requireAction(call, CONSENT_TO_ANYTHING);
  principal.applicationPermissions = principal.applicationPermissions.filter(
    (permission) => GRAPH_PERMISSIONS.application[permission] !== granted.appRoleId,
  );
  return true;
}
