/** `azuread:index/getApplication:getApplication`, by object id or display name: the calls of the real plugin, in its order. */

import type { FunctionDefinition } from "../../bridge/resource";
import { string } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import { buildFilter, type GraphApi } from "../microsoft-graph/client";
import { checkExactlyOne } from "../microsoft-graph/exactly-one";
import { expectGuid, expectNotEmpty } from "../microsoft-graph/expectations";
import { formatIdLabel, withSummary } from "../microsoft-graph/identity";
import { listOwners } from "../microsoft-graph/owners";
import { applicationTable } from "./table";
import { readApplication } from "./wire";

/** Single blocks of the resource, which the function returns as lists under these names. */
const LISTS: Record<string, string> = {
  api: "apis",
  optionalClaims: "optionalClaims",
  publicClient: "publicClients",
  singlePageApplication: "singlePageApplications",
  web: "webs",
};

export const getApplication: FunctionDefinition<GraphApi> = {
  table: {
    clientId: string({ unsupported: true }),
    displayName: string({ expect: expectNotEmpty }),
    identifierUri: string({ unsupported: true }),
    objectId: string({ expect: expectGuid }),
  },
  validate: (args) => checkExactlyOne(args, "clientId", "displayName", "identifierUri", "objectId"),
  async invoke(graph, { objectId, displayName }) {
    const found = objectId
      ? await findById(graph, String(objectId))
      : await findByName(graph, String(displayName));
    const path = `/applications/${found.id}`;
    const name = formatIdLabel("Application", String(found.id));
    const beta = await withSummary(`Retrieving additional properties for ${name}`, () =>
      graph.get(`/beta${path}`, "$select=oauth2RequirePostResponse"),
    );
    const outputs = Object.entries(readApplication(found)).filter(([name]) => isReturned(name));
    const shaped = outputs.map(([name, value]) =>
      LISTS[name] ? [LISTS[name], value === undefined ? [] : [value]] : [name, value],
    );
    return {
      optionalClaims: [],
      identifierUri: "",
      ...Object.fromEntries(shaped),
      oauth2PostResponseRequired: beta.oauth2RequirePostResponse ?? false,
      owners: await listOwners(graph, path),
    };
  },
};

async function findById(graph: GraphApi, objectId: string): Promise<Properties> {
  const label = `Application with object ID "${objectId}"`;
  const found = await withSummary(`[object_id] Retrieving ${label}`, () =>
    graph.find(`/applications/${objectId}`),
  );
  if (!found) throw new Error(`[object_id] ${label} was not found`);
  return found;
}

async function findByName(graph: GraphApi, displayName: string): Promise<Properties> {
  const filter = `"displayName eq '${displayName}'"`;
  const [found, another] = await withSummary(`Listing applications for filter ${filter}`, () =>
    graph.list("/applications", buildFilter("displayName", displayName)),
  );
  if (!found) throw new Error(`Application not found: no applications found matching filter: ${filter}`);
  // The plugin's own misspelling.
  if (another)
    throw new Error(`Multiple applications found: dound multiple applications matching filter: ${filter}`);
  if (String(found.displayName).toLowerCase() !== displayName.toLowerCase())
    throw new Error(
      `Bad API Response: DisplayName does not match for applications matching filter: ${filter}`,
    );
  return found;
}

/** The function has no logo image and no template. */
const isReturned = (name: string) => name === "id" || (name in applicationTable && !isUnsupported(name));
const isUnsupported = (name: string) => applicationTable[name]?.unsupported === true;
