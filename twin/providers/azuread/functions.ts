/** The azuread plugin's functions that the stack calls. */

import { filter, type Graph } from "../microsoft-graph/client";
import { exactlyOne } from "../microsoft-graph/exactly-one";
import { guid, notEmpty } from "../microsoft-graph/expectations";
import { label, naming } from "../microsoft-graph/identity";
import { strings } from "../microsoft-graph/wire";
import { flag, listOf, text } from "../properties";
import type { Invoked } from "../resource";
import type { Properties } from "../values";
import { isRecord } from "../values";
import { readServicePrincipal } from "./service-principal-wire";

/** `azuread:index/getClientConfig:getClientConfig`: who the provider is signed in as; no call. */
export const getClientConfig: Invoked<Graph> = {
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
export const getServicePrincipal: Invoked<Graph> = {
  table: {
    clientId: text({ expect: guid }),
    displayName: text({ expect: notEmpty }),
    objectId: text({ expect: guid }),
  },
  validate: (args) => exactlyOne(args, NAMES),
  async invoke(graph, args) {
    const found = await lookUp(graph, args);
    const path = `/servicePrincipals/${found.id}`;
    const name = label("Service Principal", String(found.id));
    const beta = await naming(`Retrieving ${name} (beta API)`, () =>
      graph.get(`/beta${path}`, "$select=samlMetadataUrl"),
    );
    const saml = found.samlSingleSignOnSettings;
    return {
      ...readServicePrincipal(found, beta),
      samlSingleSignOns: isRecord(saml) ? [{ relayState: saml.relayState ?? "" }] : [],
    };
  },
};

/** The properties of Graph that the plural function selects, and those of the provider that it returns of each. */
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
export const getServicePrincipals: Invoked<Graph> = {
  table: {
    clientIds: listOf(text({ expect: guid })),
    displayNames: listOf(text({ expect: notEmpty }), { unsupported: true }),
    objectIds: listOf(text({ expect: guid }), { unsupported: true }),
    returnAll: flag({ unsupported: true }),
  },
  validate: (args) => exactlyOne(args, PLURAL_NAMES),
  async invoke(graph, { clientIds }) {
    const servicePrincipals: Properties[] = [];
    for (const clientId of strings(clientIds)) {
      const query = `${filter("appId", clientId)}&$select=${SELECTED.join(",")}`;
      const [found] = await naming(`Finding service principals with application ID: "${clientId}"`, () =>
        graph.list("/servicePrincipals", query),
      );
      if (!found) throw new Error(`Service principal not found with application ID: "${clientId}"`);
      const beta = await graph.get(`/beta/servicePrincipals/${found.id}`, "$select=samlMetadataUrl");
      const all = readServicePrincipal(found, beta);
      servicePrincipals.push(Object.fromEntries(RETURNED.map((name) => [name, all[name]])));
    }
    return {
      id: servicePrincipals.map(({ objectId }) => objectId).join("/"),
      clientIds: servicePrincipals.map(({ clientId }) => clientId),
      displayNames: servicePrincipals.map(({ displayName }) => displayName),
      objectIds: servicePrincipals.map(({ objectId }) => objectId),
      servicePrincipals,
    };
  },
};

async function lookUp(graph: Graph, args: Properties): Promise<Properties> {
  if (args.objectId) {
    const name = label("Service Principal", String(args.objectId));
    const found = await naming(`[object_id] Retrieving ${name}`, () =>
      graph.find(`/servicePrincipals/${args.objectId}`),
    );
    if (!found) throw new Error(`[object_id] ${name} was not found`);
    return found;
  }
  const property = args.displayName ? "displayName" : "appId";
  const value = String(args.displayName ?? args.clientId);
  const shown = `"${property} eq '${value}'"`;
  const all = await naming(`Listing service principals for filter ${shown}`, () =>
    graph.list("/servicePrincipals", filter(property, value)),
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
