/** `azuread:index/application:Application`: the calls of the real plugin, in its order. */

import { UnfinishedResource } from "../../bridge/resource";
import { compareProperties } from "../../bridge/table/diff";
import type { Properties } from "../../bridge/values";
import { buildFilter, type GraphApi } from "../microsoft-graph/client";
import { createTemporaryName, formatIdLabel, parseObjectId, withSummary } from "../microsoft-graph/identity";
import { addOwners, changeOwners, chooseInitialOwners, listOwners } from "../microsoft-graph/owners";
import { createGraphResource, formatImportAdvice, patchCreated } from "../microsoft-graph/resource";
import { toRecord, toRecords } from "../microsoft-graph/wire";
import { applicationTable } from "./table";
import { buildApplicationChange, buildNewApplication, readApplication } from "./wire";

const TYPE = "#microsoft.graph.application";

export const applicationResource = createGraphResource({
  terraform: "azuread_application",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000,"delete":300000000000,"read":300000000000,"update":600000000000},"schema_version":"2"}',
  importable: /^\/applications\/[^/]+$/,
  table: applicationTable,

  async plan(graph, state, inputs) {
    if (!inputs.preventDuplicateNames || state?.displayName === inputs.displayName) return;
    // Like the real plugin, a rename to a taken name passes here and is refused in `update`.
    const [taken] = await findByName(graph, inputs.displayName);
    if (taken && !state) throw createDuplicateError(taken, inputs);
  },

  async create(graph, inputs) {
    if (inputs.preventDuplicateNames) {
      const [taken] = await findByName(graph, inputs.displayName);
      if (taken) throw createDuplicateError(taken, inputs, "[id] ");
    }
    const owners = chooseInitialOwners(graph, inputs.owners);
    const created = await withSummary("Could not create application", () =>
      graph.post("/applications", { ...buildNewApplication(inputs), "owners@odata.bind": owners.atCreation }),
    );
    const path = `/applications/${created.id}`;
    try {
      await awaitReplica(graph, path, inputs.displayName);
      if (inputs.oauth2PostResponseRequired !== undefined) {
        await graph.patch(`/beta${path}`, buildPostResponse(inputs), isReplicating);
      }
      await addOwners(graph, path, owners, "application");
    } catch (error) {
      throw new UnfinishedResource((error as Error).message, path, inputs);
    }
    return path;
  },

  // A known bug of the real plugin, which loses a new application that it does not find here; the stand-in has it too.
  readBack,

  async update(graph, id, state, inputs) {
    const path = `/applications/${parseObjectId(id, "applications")}`;
    if (inputs.preventDuplicateNames) {
      const others = await findByName(graph, inputs.displayName);
      const taken = others.find((other) => `/applications/${other.id}` !== path);
      if (taken) throw createDuplicateError(taken, inputs, "[id] ");
    }
    const changed = listChangedNames(state, inputs);
    if (changed.has("appRoles")) {
      await disableRemoved(
        graph,
        path,
        inputs.appRoles,
        (app) => app.appRoles,
        (appRoles) => ({ appRoles }),
      );
    }
    if (changed.has("oauth2PermissionScopes")) {
      const scopes = toRecord(inputs.api).oauth2PermissionScopes;
      await disableRemoved(
        graph,
        path,
        scopes,
        (app) => toRecord(app.api).oauth2PermissionScopes,
        (oauth2PermissionScopes) => ({ api: { oauth2PermissionScopes } }),
      );
    }
    await withSummary(
      `Could not update application with object ID: "${parseObjectId(id, "applications")}"`,
      () => graph.patch(path, buildApplicationChange(state, inputs, changed)),
    );
    if (changed.has("oauth2PostResponseRequired"))
      await graph.patch(`/beta${path}`, buildPostResponse(inputs));
    if (changed.has("owners")) await changeOwners(graph, path, inputs.owners, "application");
  },

  async delete(graph, id) {
    const object = parseObjectId(id, "applications");
    const name = formatIdLabel("Application", object);
    try {
      await graph.delete(`/applications/${object}`);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`[id] deleting ${name}: ${message}: ${message}`);
    }
    await graph.waitUntilStable(async () => (await graph.find(`/applications/${object}`)) === undefined);
  },
});

async function readBack(graph: GraphApi, path: string, known: Properties): Promise<Properties | undefined> {
  const label = formatIdLabel("Application", parseObjectId(path, "applications"));
  const app = await withSummary(`[id] Retrieving ${label}`, () => graph.find(path));
  if (!app) return undefined;
  const beta = await graph.get(`/beta${path}`, "$select=oauth2RequirePostResponse");
  return {
    ...readApplication(app),
    oauth2PostResponseRequired: beta.oauth2RequirePostResponse ?? false,
    owners: await listOwners(graph, path),
    preventDuplicateNames: known.preventDuplicateNames ?? false,
  };
}

/**
 * Waits until Graph knows a new object. The plugin renames it twice and retries on 404 and 409.
 */
async function awaitReplica(graph: GraphApi, path: string, displayName: unknown): Promise<void> {
  const label = `application with object ID "${path.split("/")[2]}"`;
  for (const name of [createTemporaryName(), displayName]) {
    const body = { "@odata.type": TYPE, displayName: name };
    await patchCreated(graph, path, body, { kind: "application", label, retry: isReplicating });
  }
}

const isReplicating = (status: number, text: string) =>
  status === 404 ||
  status === 409 ||
  (status === 400 &&
    /Permission \(scope or role\) cannot be deleted or updated unless disabled first/.test(text));

/** Disables roles and scopes that are removed or changed, which Graph requires first. */
async function disableRemoved(
  graph: GraphApi,
  path: string,
  requested: unknown,
  select: (app: Properties) => unknown,
  body: (entries: Properties[]) => Properties,
): Promise<void> {
  const keep = new Map(toRecords(requested).map((entry) => [entry.id, entry]));
  const existing = toRecords(select(await graph.get(path)));
  const next = existing.map((entry) => {
    const kept = keep.get(entry.id);
    return kept && kept.value === entry.value ? entry : { ...entry, isEnabled: false };
  });
  if (next.every((entry, index) => entry === existing[index])) return;
  await graph.patch(path, { "@odata.type": TYPE, ...body(next) });
}

function listChangedNames(state: Properties, inputs: Properties): Set<string> {
  const paths = [...compareProperties(applicationTable, state, inputs, "zero values").keys()];
  const names = new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path));
  if (paths.some((path) => path === "api" || path.startsWith("api.oauth2PermissionScopes"))) {
    names.add("oauth2PermissionScopes");
  }
  return names;
}

async function findByName(graph: GraphApi, displayName: unknown): Promise<Properties[]> {
  const found = await withSummary("could not check for existing application(s)", () =>
    graph.list("/applications", buildFilter("displayName", String(displayName))),
  );
  return found.filter((app) => app.displayName === displayName);
}

function createDuplicateError(taken: Properties, inputs: Properties, path = ""): Error {
  const found = `An existing "azuread_application" with name "${inputs.displayName}" (ID: "${taken.id}") was found`;
  return new Error(
    `${path}${found} and \`prevent_duplicate_names\` was specified${path ? ": " : ". "}` +
      formatImportAdvice("azuread_application"),
  );
}

function buildPostResponse(inputs: Properties): Properties {
  return { "@odata.type": TYPE, oauth2RequirePostResponse: inputs.oauth2PostResponseRequired ?? false };
}
