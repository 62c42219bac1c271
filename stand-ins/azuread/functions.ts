/** The functions of the azuread plugin that the stack uses. */

import { boolean, listOf, string } from "../bridge/properties";
import type { FunctionDefinition } from "../bridge/resource";
import type { Properties } from "../bridge/values";
import { isRecord } from "../bridge/values";
import { buildFilter, type GraphApi } from "./microsoft-graph/client";
import { checkExactlyOne } from "./microsoft-graph/exactly-one";
import { expectGuid, expectNotEmpty } from "./microsoft-graph/expectations";
import { formatIdLabel, withSummary } from "./microsoft-graph/identity";
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

const NAMES: Record<string, string> = {
  displayName: "display_name",
  clientId: "client_id",
  objectId: "object_id",
};

/** `azuread:index/getServicePrincipal:getServicePrincipal`, by exactly one of its arguments. */
export const getServicePrincipal: FunctionDefinition<GraphApi> = {
  table: {
    clientId: string({ expect: expectGuid }),
    displayName: string({ expect: expectNotEmpty }),
    objectId: string({ expect: expectGuid }),
  },
  validate: (args) => checkExactlyOne(args, NAMES),
  async invoke(graph, args) {
    const found = await findServicePrincipal(graph, args);
    const path = `/servicePrincipals/${found.id}`;
    const name = formatIdLabel("Service Principal", String(found.id));
    const beta = await withSummary(`Retrieving ${name} (beta API)`, () =>
      graph.get(`/beta${path}`, "$select=samlMetadataUrl"),
    );
    const saml = found.samlSingleSignOnSettings;
    return {
      ...readServicePrincipal(found, beta),
      samlSingleSignOns: isRecord(saml) ? [{ relayState: saml.relayState ?? "" }] : [],
    };
  },
};

/** Properties of Graph that the plural function selects; below, those that it returns. */
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

const PLURAL_NAMES: Record<string, string> = {
  clientIds: "client_ids",
  displayNames: "display_names",
  objectIds: "object_ids",
  returnAll: "return_all",
};

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
    displayNames: listOf(string({ expect: expectNotEmpty }), { unsupported: true }),
    ignoreMissing: boolean(),
    objectIds: listOf(string({ expect: expectGuid }), { unsupported: true }),
    returnAll: boolean({ unsupported: true }),
  },
  validate: (args) => checkExactlyOne(args, PLURAL_NAMES),
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

async function findServicePrincipal(graph: GraphApi, args: Properties): Promise<Properties> {
  if (args.objectId) {
    const name = formatIdLabel("Service Principal", String(args.objectId));
    const found = await withSummary(`[object_id] Retrieving ${name}`, () =>
      graph.find(`/servicePrincipals/${args.objectId}`),
    );
    if (!found) throw new Error(`[object_id] ${name} was not found`);
    return found;
  }
  const property = args.displayName ? "displayName" : "appId";
  const value = String(args.displayName ?? args.clientId);
  const shown = `"${property} eq '${value}'"`;
  const all = await withSummary(`Listing service principals for filter ${shown}`, () =>
    graph.list("/servicePrincipals", buildFilter(property, value)),
  );
  const [found, another] = all.filter(
    (entry) => String(entry[property]).toLowerCase() === value.toLowerCase(),
  );
  if (another && property === "displayName") {
    throw new Error(
      `Multiple service principals found: found multiple service principals matching filter: ${shown}`,
    );
  }
  if (found) return found;
  throw new Error(
    property === "displayName"
      ? `Service principal not found: no service principals found matching filter: ${shown}`
      : "No service principal found: no service principal found",
  );
}
