/** `azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant`: admin consent. */

import { type Graph, GraphError } from "../microsoft-graph/client";
import { guid, notEmpty } from "../microsoft-graph/expectations";
import { label, naming, objectId } from "../microsoft-graph/identity";
import { setOrder } from "../microsoft-graph/wire";
import { setOf, type Table, text } from "../properties";
import type { Resource } from "../resource";
import type { Properties } from "../values";

const TYPE = "#microsoft.graph.oAuth2PermissionGrant";

const table: Table = {
  claimValues: setOf(text({ expect: notEmpty }), {
    required: true,
    expect: (value, key) =>
      (value as unknown[]).length === 0
        ? `Not enough list items. Attribute ${key} requires 1 item minimum, but config has only 0 declared.`
        : undefined,
  }),
  resourceServicePrincipalObjectId: text({
    required: true,
    replaces: true,
    expect: guid,
  }),
  servicePrincipalObjectId: text({
    required: true,
    replaces: true,
    expect: guid,
  }),
  userObjectId: text({ replaces: true, expect: guid }),
};

export const permissionGrant: Resource<Graph> = {
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
    await present(graph, client, "was not found)", "");
    await present(graph, resource, "not found for resource", " for resource");
    const grant = await naming("Could not create delegated permission grant", () =>
      graph.post(
        "/oauth2PermissionGrants",
        {
          "@odata.type": TYPE,
          clientId: client,
          consentType: userObjectId ? "Principal" : "AllPrincipals",
          ...(userObjectId ? { principalId: userObjectId } : {}),
          resourceId: resource,
          scope: scope(inputs),
        },
        replicating,
      ),
    );
    const id = `/oauth2PermissionGrants/${grant.id}`;
    const outputs = await readBack(graph, id);
    if (!outputs) throw new Error(`expected non-nil error with nil state during Create of ${id}`);
    return { id, outputs };
  },

  async read(graph, id) {
    const outputs = await readBack(graph, id);
    return outputs && { id, outputs };
  },

  async update(graph, id, _state, inputs) {
    const name = label("O Auth 2 Permission Grant", objectId(id, "oauth2PermissionGrants"));
    await naming(`Updating ${name}`, () => graph.patch(id, { "@odata.type": TYPE, scope: scope(inputs) }));
    const outputs = await readBack(graph, id);
    if (!outputs) throw new Error(`${name} was not found`);
    return outputs;
  },

  async delete(graph, id) {
    const name = label("O Auth 2 Permission Grant", objectId(id, "oauth2PermissionGrants"));
    await naming(`[id] Deleting ${name}`, () => graph.delete(id));
  },
};

async function present(graph: Graph, object: unknown, missing: string, role: string): Promise<void> {
  const name = label("Service Principal", String(object));
  try {
    await graph.get(`/servicePrincipals/${object}`);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof GraphError && error.status === 404) {
      throw new Error(`[principal_object_id] ${name} ${missing}: ${message}`);
    }
    throw new Error(`Could not retrieve ${name}${role}: ${message}`);
  }
}

/** A new service principal may not have reached every replica yet. */
const replicating = (status: number, text: string) =>
  status === 404 ||
  (status === 400 &&
    text.includes("does not exist or one of its queried reference-property objects are not present"));

async function readBack(graph: Graph, id: string): Promise<Properties | undefined> {
  objectId(id, "oauth2PermissionGrants");
  const grant = await naming(`[id] Retrieving Delegated Permission Grant with ID "${id}"`, () =>
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

function scope(inputs: Properties): string {
  return setOrder(inputs.claimValues).join(" ");
}
