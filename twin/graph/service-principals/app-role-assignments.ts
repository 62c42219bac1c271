import { randomBytes } from "node:crypto";
import { z } from "zod";
import { applicationByAppId, wholeSeconds } from "../../store/store";
import type { AppRoleAssignment, ServicePrincipal, Tenant } from "../../store/tenant";
import { type Answer, type BodyRules, type Call, type Operation, readBody } from "../call";
import { kindOf } from "../directory-objects";
import { badRequest, noReference, notFound, notServed } from "../errors";
import { collection, entity, find, PAGED, type Wire } from "../query";
import { servicePrincipalWire } from "./service-principal-wire";

const TYPE = "appRoleAssignments";

/** Default access, for applications that declare no roles. */
const DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000";

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
    ...["id", "createdDateTime", "deletedDateTime", "principalDisplayName", "principalType"],
    "resourceDisplayName",
  ],
  notJudged: [],
};

/**
 * Who is assigned to an application.
 *
 * Sources: https://learn.microsoft.com/graph/api/serviceprincipal-list-approleassignedto and `post`, `delete`,
 * `serviceprincipal-list-approleassignments`; one
 * assignment by its id is what the azuread provider reads.
 */
export const appRoleAssignmentOperations: Operation[] = [
  {
    call: "GET /servicePrincipals/{id}/appRoleAssignedTo",
    query: PAGED,
    handle: (call) => listOf(call, "resourceId"),
  },
  {
    call: "GET /servicePrincipals/{id}/appRoleAssignments",
    query: PAGED,
    handle: (call) => listOf(call, "principalId"),
  },
  { call: "POST /servicePrincipals/{id}/appRoleAssignedTo", handle: create },
  {
    call: "GET /servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
    handle: (call) => ({ status: 200, body: entity(call, TYPE, wireOf(call.tenant, assignmentAt(call))) }),
  },
  {
    call: "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignmentId}",
    handle(call) {
      call.tenant.appRoleAssignments.delete(assignmentAt(call).id);
      return { status: 204 };
    },
  },
];

/** Of the service principal in the path: as the resource, or as the one that was assigned. */
function listOf(call: Call, as: "resourceId" | "principalId"): Answer {
  const { id } = resource(call);
  const wires = [...call.tenant.appRoleAssignments.values()]
    .filter((assignment) => assignment[as] === id)
    .map((assignment) => wireOf(call.tenant, assignment));
  return { status: 200, body: collection(call, TYPE, wires, { paged: true }) };
}

function resource(call: Call): ServicePrincipal {
  return find(call, call.tenant.servicePrincipals, notFound);
}

function assignmentAt(call: Call): AppRoleAssignment {
  const id = call.c.req.param("assignmentId") ?? "";
  const found = call.tenant.appRoleAssignments.get(id);
  if (found?.resourceId !== resource(call).id) throw notFound(id);
  return found;
}

async function create(call: Call) {
  const { tenant } = call;
  const principal = resource(call);
  const { "@odata.type": _type, ...wanted } = await readBody(call, newAssignment, rules);
  if (wanted.resourceId !== principal.id) {
    throw badRequest("The resourceId of the assignment does not name the service principal in the path.");
  }
  const kind = kindOf(tenant, wanted.principalId);
  if (!kind || kind === "directoryRole") throw noReference(wanted.principalId);
  checkRole(call, principal, wanted.appRoleId, kind);
  const same = [...tenant.appRoleAssignments.values()].some(
    (other) =>
      other.resourceId === wanted.resourceId &&
      other.principalId === wanted.principalId &&
      other.appRoleId === wanted.appRoleId,
  );
  if (same) throw badRequest("Permission being assigned already exists on the object");
  const assignment: AppRoleAssignment = {
    id: randomBytes(32).toString("base64url"),
    createdDateTime: wholeSeconds(call.store.now()),
    ...wanted,
  };
  tenant.appRoleAssignments.set(assignment.id, assignment);
  return { status: 201 as const, body: entity(call, TYPE, wireOf(tenant, assignment)) };
}

/** The role has to be one that the application declares, is enabled and is for principals of this kind. */
function checkRole(call: Call, principal: ServicePrincipal, roleId: string, kind: string): void {
  const application = applicationByAppId(call.tenant, principal.appId);
  if (!application) {
    throw notServed(call.c.req.method, call.c.req.path, "roles of Microsoft's own service principals");
  }
  if (roleId === DEFAULT_ROLE) {
    if (application.appRoles.length === 0) return;
    throw notServed(call.c.req.method, call.c.req.path, "default access to an application that has roles");
  }
  const role = application.appRoles.find(({ id }) => id.toLowerCase() === roleId);
  const member = kind === "servicePrincipal" ? "Application" : "User";
  if (!role?.isEnabled || !role.allowedMemberTypes.includes(member)) {
    throw badRequest("Permission being assigned was not found on application");
  }
}

/** https://learn.microsoft.com/graph/api/resources/approleassignment */
function wireOf(tenant: Tenant, assignment: AppRoleAssignment): Wire {
  const { principalId, resourceId } = assignment;
  const kind = kindOf(tenant, principalId) ?? "";
  const named = tenant.users.get(principalId) ?? tenant.groups.get(principalId);
  return {
    ...assignment,
    deletedDateTime: null,
    principalDisplayName: named?.displayName ?? nameOf(tenant, principalId),
    principalType: kind.replace(/^./, (first) => first.toUpperCase()),
    resourceDisplayName: nameOf(tenant, resourceId),
  };
}

function nameOf(tenant: Tenant, id: string): unknown {
  const principal = tenant.servicePrincipals.get(id);
  return principal && servicePrincipalWire(tenant, principal).displayName;
}
