/** `azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant`: admin consent. */

import { setOf, string, type Table } from "../bridge/table/properties";
import type { Properties } from "../bridge/values";
import { type GraphApi, isNotFound } from "./microsoft-graph/client";
import { expectGuid, expectNotEmpty } from "./microsoft-graph/expectations";
import { formatIdLabel, parseObjectId, withSummary } from "./microsoft-graph/identity";
import { createGraphResource } from "./microsoft-graph/resource";
import { sortLikeTerraform } from "./microsoft-graph/wire";

const TYPE = "#microsoft.graph.oAuth2PermissionGrant";

const table: Table = {
  claimValues: setOf(string({ expect: expectNotEmpty }), {
    required: true,
    expect: (value, key) =>
      (value as unknown[]).length === 0
        ? `Not enough list items. Attribute ${key} requires 1 item minimum, but config has only 0 declared.`
        : undefined,
  }),
  resourceServicePrincipalObjectId: string({
    required: true,
    replaces: true,
    expect: expectGuid,
  }),
  servicePrincipalObjectId: string({
    required: true,
    replaces: true,
    expect: expectGuid,
  }),
  userObjectId: string({ replaces: true, expect: expectGuid }),
};

export const permissionGrantResource = createGraphResource({
  terraform: "azuread_service_principal_delegated_permission_grant",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  importable: /^\/oauth2PermissionGrants\/[^/]+$/,
  table,

  async create(graph, inputs) {
    const {
      servicePrincipalObjectId: client,
      resourceServicePrincipalObjectId: resource,
      userObjectId,
    } = inputs;
    await requireServicePrincipal(graph, client, "was not found)", "");
    await requireServicePrincipal(graph, resource, "not found for resource", " for resource");
    const grant = await withSummary("Could not create delegated permission grant", () =>
      graph.post(
        "/oauth2PermissionGrants",
        {
          "@odata.type": TYPE,
          clientId: client,
          consentType: userObjectId ? "Principal" : "AllPrincipals",
          ...(userObjectId ? { principalId: userObjectId } : {}),
          resourceId: resource,
          scope: buildScope(inputs),
        },
        isReplicating,
      ),
    );
    return `/oauth2PermissionGrants/${grant.id}`;
  },

  readBack,

  async update(graph, id, _state, inputs) {
    const name = formatIdLabel("O Auth 2 Permission Grant", parseObjectId(id, "oauth2PermissionGrants"));
    await withSummary(`Updating ${name}`, () =>
      graph.patch(id, { "@odata.type": TYPE, scope: buildScope(inputs) }),
    );
  },

  async delete(graph, id) {
    const name = formatIdLabel("O Auth 2 Permission Grant", parseObjectId(id, "oauth2PermissionGrants"));
    await withSummary(`[id] Deleting ${name}`, () => graph.delete(id));
  },
});

async function requireServicePrincipal(
  graph: GraphApi,
  object: unknown,
  missing: string,
  role: string,
): Promise<void> {
  const name = formatIdLabel("Service Principal", String(object));
  try {
    await graph.get(`/servicePrincipals/${object}`);
  } catch (error) {
    const { message } = error as Error;
    if (isNotFound(error)) {
      throw new Error(`[principal_object_id] ${name} ${missing}: ${message}`);
    }
    throw new Error(`Could not retrieve ${name}${role}: ${message}`);
  }
}

/** Tells if a new service principal may not have been replicated yet. */
const isReplicating = (status: number, text: string) =>
  status === 404 ||
  (status === 400 &&
    text.includes("does not exist or one of its queried reference-property objects are not present"));

async function readBack(graph: GraphApi, id: string): Promise<Properties | undefined> {
  parseObjectId(id, "oauth2PermissionGrants");
  const grant = await withSummary(`[id] Retrieving Delegated Permission Grant with ID "${id}"`, () =>
    graph.find(id),
  );
  if (!grant) return undefined;
  return {
    id,
    claimValues: String(grant.scope ?? "")
      .split(" ")
      .filter(Boolean),
    resourceServicePrincipalObjectId: grant.resourceId,
    servicePrincipalObjectId: grant.clientId,
    userObjectId: grant.principalId ?? "",
  };
}

function buildScope(inputs: Properties): string {
  return sortLikeTerraform(inputs.claimValues).join(" ");
}
