/** The functions of the azuread plugin that the stack uses. */

import type { FunctionDefinition } from "../bridge/resource";
import { boolean, listOf, string } from "../bridge/table/properties";
import type { Properties } from "../bridge/values";
import { buildFilter, type GraphApi } from "./microsoft-graph/client";
import { checkExactlyOne } from "./microsoft-graph/exactly-one";
import { expectGuid } from "./microsoft-graph/expectations";
import { withSummary } from "./microsoft-graph/identity";
import { toStrings } from "./microsoft-graph/wire";
import { readServicePrincipal } from "./service-principal-wire";

/** `azuread:index/getClientConfig:getClientConfig`: the provider's own identity, without a call. */
export const getClientConfig: FunctionDefinition<GraphApi> = {
  table: {},
  async invoke(graph) {
    const { tenantId, clientId } = graph.settings;
    return { clientId, id: `${tenantId}-${clientId}-${graph.callerId}`, objectId: graph.callerId, tenantId };
  },
};

/** Properties of Graph that the function selects; below, those that it returns. */
const SELECTED = [
  "accountEnabled",
  "appId",
  "appOwnerOrganizationId",
  "appRoleAssignmentRequired",
  "displayName",
  "id",
  "preferredSingleSignOnMode",
  "servicePrincipalNames",
  "servicePrincipalType",
  "signInAudience",
  "tags",
];

const RETURNED = [
  "accountEnabled",
  "appRoleAssignmentRequired",
  "applicationTenantId",
  "clientId",
  "displayName",
  "objectId",
  "preferredSingleSignOnMode",
  "samlMetadataUrl",
  "servicePrincipalNames",
  "signInAudience",
  "tags",
  "type",
];

/** `azuread:index/getServicePrincipals:getServicePrincipals`, by client ids, in their order. */
export const getServicePrincipals: FunctionDefinition<GraphApi> = {
  table: {
    clientIds: listOf(string({ expect: expectGuid })),
    displayNames: listOf(string(), { unsupported: true }),
    ignoreMissing: boolean(),
    objectIds: listOf(string({ expect: expectGuid }), { unsupported: true }),
    returnAll: boolean({ unsupported: true }),
  },
  validate: (args) => checkExactlyOne(args, "clientIds", "displayNames", "objectIds", "returnAll"),
  async invoke(graph, { clientIds, ignoreMissing = false }) {
    const servicePrincipals: Properties[] = [];
    for (const clientId of toStrings(clientIds)) {
      const query = `${buildFilter("appId", clientId)}&$select=${SELECTED.join(",")}`;
      const [found] = await withSummary(`Finding service principals with application ID: "${clientId}"`, () =>
        graph.list("/servicePrincipals", query),
      );
      if (!found && ignoreMissing) continue;
      if (!found) throw new Error(`Service principal not found with application ID: "${clientId}"`);
      const beta = await graph.get(`/beta/servicePrincipals/${found.id}`, "$select=samlMetadataUrl");
      const all = readServicePrincipal(found, beta);
      servicePrincipals.push(Object.fromEntries(RETURNED.map((name) => [name, all[name]])));
    }
    return {
      id: servicePrincipals.map(({ objectId }) => objectId).join("/"),
      clientIds: servicePrincipals.map(({ clientId }) => clientId),
      displayNames: servicePrincipals.map(({ displayName }) => displayName),
      ignoreMissing,
      objectIds: servicePrincipals.map(({ objectId }) => objectId),
      servicePrincipals,
    };
  },
};
