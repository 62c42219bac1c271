import { z } from "zod";
import { grantId } from "../../store/ids";
import { applicationByAppId, GRAPH_APP_ID } from "../../store/store";
import type { Grant, ServicePrincipal, Tenant } from "../../store/tenant";
import { type BodyRules, type Call, NOT_JUDGED, type Operation, readBody } from "../call";
import { badRequest, conflict, noReference, notFound } from "../errors";
import { PERMISSIONS } from "../permissions";
import { collection, entity, find } from "../query";

const TYPE = "oauth2PermissionGrants";

/** https://learn.microsoft.com/graph/api/oauth2permissiongrant-post */
const newGrant = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.oAuth2PermissionGrant").optional(),
  clientId: z.guid().toLowerCase(),
  consentType: z
    .enum(["AllPrincipals", "Principal"])
    .refine((type) => type === "AllPrincipals", { error: `${NOT_JUDGED}consent of one user` }),
  principalId: z.null("Must be null when consentType is AllPrincipals.").optional(),
  resourceId: z.guid().toLowerCase(),
  scope: z.string().min(1),
});

/** https://learn.microsoft.com/graph/api/oauth2permissiongrant-update */
const grantChange = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.oAuth2PermissionGrant").optional(),
  scope: z.string().min(1),
});

const rules: BodyRules = {
  type: "OAuth2PermissionGrant",
  readOnly: ["id", "clientId", "consentType", "principalId", "resourceId"],
  notJudged: [],
};

export const grantOperations: Operation[] = [
  {
    call: "GET /oauth2PermissionGrants",
    query: ["$filter"],
    handle(call) {
      const wires = [...call.tenant.grants.values()].map(grantWire);
      const equal = ["clientId", "consentType", "resourceId"];
      return { status: 200, body: collection(call, TYPE, wires, { equal }) };
    },
  },
  {
    call: "POST /oauth2PermissionGrants",
    async handle(call) {
      const body = await readBody(call, newGrant, rules);
      const resource = principal(call, body.resourceId);
      const client = principal(call, body.clientId);
      const grant: Grant = {
        id: grantId(client.id, resource.id),
        clientId: client.id,
        resourceId: resource.id,
        scope: checkScope(call.tenant, resource, body.scope),
      };
      if (call.tenant.grants.has(grant.id)) throw conflict("Permission entry already exists.");
      call.tenant.grants.set(grant.id, grant);
      return { status: 201, body: entity(call, TYPE, grantWire(grant)) };
    },
  },
  {
    call: "GET /oauth2PermissionGrants/{id}",
    handle: (call) => ({ status: 200, body: entity(call, TYPE, grantWire(grantOf(call))) }),
  },
  {
    call: "PATCH /oauth2PermissionGrants/{id}",
    async handle(call) {
      const grant = grantOf(call);
      const { scope } = await readBody(call, grantChange, rules);
      grant.scope = checkScope(call.tenant, principal(call, grant.resourceId), scope);
      return { status: 204 };
    },
  },
  {
    call: "DELETE /oauth2PermissionGrants/{id}",
    handle(call) {
      call.tenant.grants.delete(grantOf(call).id);
      return { status: 204 };
    },
  },
];

/** A consent as Graph shows it: https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export function grantWire(grant: Grant): Record<string, unknown> {
  const { principalId, ...rest } = grant;
  return principalId === undefined
    ? { ...rest, consentType: "AllPrincipals", principalId: null }
    : { ...rest, consentType: "Principal", principalId };
}

function grantOf(call: Call): Grant {
  return find(call, call.tenant.grants, notFound);
}

function principal(call: Call, id: string): ServicePrincipal {
  const found = call.tenant.servicePrincipals.get(id);
  if (!found) throw noReference(id);
  return found;
}

/** Every name has to be a delegated permission that the resource offers. */
function checkScope(tenant: Tenant, resource: ServicePrincipal, scope: string): string {
  const offered =
    resource.appId === GRAPH_APP_ID
      ? Object.keys(PERMISSIONS.delegated)
      : (applicationByAppId(tenant, resource.appId)?.api.oauth2PermissionScopes ?? []).map((s) => s.value);
  const names = scope.trim().split(/\s+/);
  const unknown = names.find((name) => !offered.includes(name));
  if (unknown !== undefined) {
    throw badRequest(`Invalid scope '${unknown}': the resource ${resource.id} does not offer it.`);
  }
  return scope;
}
