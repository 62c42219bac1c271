import { z } from "zod";
import type { EntraTenant, PermissionGrant, ServicePrincipal } from "../../store/entra/tenant";
import { deriveGrantId } from "../../store/ids";
import { findApplicationByAppId, GRAPH_APP_ID } from "../../store/store";
import {
  type BodyRules,
  findByPath,
  type GraphCall,
  type GraphOperation,
  NOT_SERVED,
  readBody,
} from "../call";
import { badRequest, duplicateObject, missingReference } from "../errors";
import { GRAPH_PERMISSIONS } from "../permissions";
import { formatCollection, formatEntity } from "../query";

const TYPE = "oauth2PermissionGrants";

/** https://learn.microsoft.com/graph/api/oauth2permissiongrant-post */
const newGrant = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.oAuth2PermissionGrant").optional(),
  clientId: z.guid().toLowerCase(),
  consentType: z
    .enum(["AllPrincipals", "Principal"])
    .refine((type) => type === "AllPrincipals", { error: `${NOT_SERVED}consent of one user` }),
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
  notServed: [],
};

export const grantOperations: GraphOperation[] = [
  {
    call: "GET /oauth2PermissionGrants",
    query: ["$filter"],
    handle(call) {
      const wires = [...call.tenant.grants.values()].map(toGrantWire);
      const equal = ["clientId", "consentType", "resourceId"];
      return formatCollection(call, TYPE, wires, { equal });
    },
  },
  {
    call: "POST /oauth2PermissionGrants",
    async handle(call) {
      const body = await readBody(call, newGrant, rules);
      const resource = findPrincipal(call, body.resourceId);
      const client = findPrincipal(call, body.clientId);
      const grant: PermissionGrant = {
        id: deriveGrantId(client.id, resource.id),
        clientId: client.id,
        resourceId: resource.id,
        scope: checkScope(call.tenant, resource, body.scope),
      };
      if (call.tenant.grants.has(grant.id)) throw duplicateObject("Permission entry already exists.");
      call.tenant.grants.set(grant.id, grant);
      return formatEntity(call, TYPE, toGrantWire(grant));
    },
  },
  {
    call: "GET /oauth2PermissionGrants/{id}",
    handle: (call) => formatEntity(call, TYPE, toGrantWire(findGrant(call))),
  },
  {
    call: "PATCH /oauth2PermissionGrants/{id}",
    async handle(call) {
      const grant = findGrant(call);
      const { scope } = await readBody(call, grantChange, rules);
      grant.scope = checkScope(call.tenant, findPrincipal(call, grant.resourceId), scope);
      return null;
    },
  },
  {
    call: "DELETE /oauth2PermissionGrants/{id}",
    handle(call) {
      call.tenant.grants.delete(findGrant(call).id);
      return null;
    },
  },
];

/** Formats a permission grant as Graph does: https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export function toGrantWire(grant: PermissionGrant): Record<string, unknown> {
  const { principalId, ...rest } = grant;
  return principalId === undefined
    ? { ...rest, consentType: "AllPrincipals", principalId: null }
    : { ...rest, consentType: "Principal", principalId };
}

const findGrant = (call: GraphCall) => findByPath(call, call.tenant.grants);

function findPrincipal(call: GraphCall, id: string): ServicePrincipal {
  const principal = call.tenant.servicePrincipals.get(id);
  if (!principal) throw missingReference(id);
  return principal;
}

/** Requires that the resource offers every delegated permission in the scope. */
function checkScope(tenant: EntraTenant, resource: ServicePrincipal, scope: string): string {
  const offered =
    resource.appId === GRAPH_APP_ID
      ? Object.keys(GRAPH_PERMISSIONS.delegated)
      : (findApplicationByAppId(tenant, resource.appId)?.api.oauth2PermissionScopes ?? []).map(
          (s) => s.value,
        );
  const names = scope.trim().split(/\s+/);
  const unknown = names.find((name) => !offered.includes(name));
  if (unknown !== undefined) {
    throw badRequest(`Invalid scope '${unknown}': the resource ${resource.id} does not offer it.`);
  }
  return scope;
}
