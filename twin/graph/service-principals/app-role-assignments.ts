import { randomBytes } from "node:crypto";
import { z } from "zod";
import { DEFAULT_ROLE } from "../../store/entra/directory";
import type { AppRoleAssignment, EntraTenant, ServicePrincipal } from "../../store/entra/tenant";
import { findApplicationByAppId, formatTimestamp, GRAPH_APP_ID } from "../../store/store";
import {
  type BodyRules,
  findServicePrincipal,
  type GraphCall,
  type GraphOperation,
  readBody,
  type WireObject,
} from "../call";
import { findObjectKind } from "../directory-objects";
import { badRequest, graphNotServed, missingReference, notFound } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { grantPermission, listGrantedPermissions, revokePermission } from "./graph-permissions";
import { toServicePrincipalWire } from "./service-principal-wire";

const TYPE = "appRoleAssignments";

/** https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
const newAssignment = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.appRoleAssignment").optional(),
  appRoleId: z.guid().toLowerCase(),
  principalId: z.guid().toLowerCase(),
  resourceId: z.guid().toLowerCase(),
});

const rules: BodyRules = {
  type: "AppRoleAssignment",
  readOnly: [
    "id",
    "createdDateTime",
    "deletedDateTime",
    "principalDisplayName",
    "principalType",
    "resourceDisplayName",
  ],
  notServed: [],
};

/**
 * Operations on the assignments of users, groups and service principals to applications.
 *
 * Sources: https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto and `post`, `delete`,
 * `serviceprincipal-list-approleassignments`; the azuread provider reads single assignments by id.
 */
export const appRoleAssignmentOperations: GraphOperation[] = [
  {
    call: "GET /servicePrincipals/{id}/appRoleAssignedTo",
    query: PAGING_OPTIONS,
    handle: (call) => listAssignments(call, "resourceId"),
  },
  {
    call: "GET /servicePrincipals/{id}/appRoleAssignments",
    query: PAGING_OPTIONS,
    handle: (call) => listAssignments(call, "principalId"),
  },
  { call: "POST /servicePrincipals/{id}/appRoleAssignedTo", handle: createAssignment },
  {
    call: "GET /servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
    handle: (call) => formatEntity(call, TYPE, toWire(call.tenant, findAssignment(call))),
  },
  {
    call: "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
    handle(call) {
      const { id } = findAssignment(call);
      if (!revokePermission(call, id)) call.tenant.appRoleAssignments.delete(id);
      return null;
    },
  },
];

/** Lists assignments of the service principal in the path, as their resource or as their principal. */
function listAssignments(call: GraphCall, as: "resourceId" | "principalId"): WireObject {
  const { id } = findServicePrincipal(call);
  const { tenant } = call;
  const wires = [...tenant.appRoleAssignments.values(), ...listGrantedPermissions(tenant)]
    .filter((assignment) => assignment[as] === id)
    .map((assignment) => toWire(tenant, assignment));
  return formatCollection(call, TYPE, wires, { isPaged: true });
}

function findAssignment(call: GraphCall): AppRoleAssignment {
  const id = call.c.req.param("assignmentId") ?? "";
  const assignment =
    call.tenant.appRoleAssignments.get(id) ??
    listGrantedPermissions(call.tenant).find((granted) => granted.id === id);
  if (assignment?.resourceId !== findServicePrincipal(call).id) throw notFound(id);
  return assignment;
}

async function createAssignment(call: GraphCall) {
  const { tenant } = call;
  const principal = findServicePrincipal(call);
  const { "@odata.type": _type, ...requested } = await readBody(call, newAssignment, rules);
  if (requested.resourceId !== principal.id) {
    throw badRequest("The resourceId of the assignment does not name the service principal in the path.");
  }
  const kind = findObjectKind(tenant, requested.principalId);
  if (!kind || kind === "directoryRole") throw missingReference(requested.principalId);
  if (principal.appId === GRAPH_APP_ID && kind === "servicePrincipal") {
    const granted = grantPermission(call, requested.principalId, requested.appRoleId);
    return formatEntity(call, TYPE, toWire(tenant, granted));
  }
  checkRole(call, principal, requested.appRoleId, kind);
  const exists = [...tenant.appRoleAssignments.values()].some(
    (other) =>
      other.resourceId === requested.resourceId &&
      other.principalId === requested.principalId &&
      other.appRoleId === requested.appRoleId,
  );
  if (exists) throw badRequest("Permission being assigned already exists on the object");
  const assignment: AppRoleAssignment = {
    id: randomBytes(32).toString("base64url"),
    createdDateTime: formatTimestamp(call.store.now()),
    ...requested,
  };
  tenant.appRoleAssignments.set(assignment.id, assignment);
  return formatEntity(call, TYPE, toWire(tenant, assignment));
}

/** Requires an enabled role of the application that is for principals of this kind. */
function checkRole(call: GraphCall, principal: ServicePrincipal, roleId: string, kind: string): void {
  const application = findApplicationByAppId(call.tenant, principal.appId);
  if (!application) {
    throw graphNotServed(call.c.req, "roles of Microsoft's own service principals");
  }
  if (roleId === DEFAULT_ROLE) {
    if (application.appRoles.length === 0) return;
    throw graphNotServed(call.c.req, "default access to an application that has roles");
  }
  const role = application.appRoles.find(({ id }) => id.toLowerCase() === roleId);
  const member = kind === "servicePrincipal" ? "Application" : "User";
  if (!role?.isEnabled || !role.allowedMemberTypes.includes(member)) {
    throw badRequest("Permission being assigned was not found on application");
  }
}

/** https://learn.microsoft.com/graph/api/resources/approleassignment */
function toWire(tenant: EntraTenant, assignment: AppRoleAssignment): WireObject {
  const { principalId, resourceId } = assignment;
  const kind = findObjectKind(tenant, principalId) ?? "";
  const named = tenant.users.get(principalId) ?? tenant.groups.get(principalId);
  return {
    ...assignment,
    deletedDateTime: null,
    principalDisplayName: named?.displayName ?? getPrincipalName(tenant, principalId),
    principalType: kind.replace(/^./, (first) => first.toUpperCase()),
    resourceDisplayName: getPrincipalName(tenant, resourceId),
  };
}

function getPrincipalName(tenant: EntraTenant, id: string): unknown {
  const principal = tenant.servicePrincipals.get(id);
  return principal && toServicePrincipalWire(tenant, principal).displayName;
}
