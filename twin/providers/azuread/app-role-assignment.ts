/** `azuread:index/appRoleAssignment:AppRoleAssignment`: who is assigned to an application. Every change replaces. */
import { type Graph, GraphError } from "../microsoft-graph/client";
import { guid } from "../microsoft-graph/expectations";
import { naming } from "../microsoft-graph/identity";
import { type Table, text } from "../properties";
import type { Resource } from "../resource";
import type { Properties } from "../values";

const ID = /^\/servicePrincipals\/([^/]+)\/appRoleAssignedTo\/([^/]+)$/;
const replaces = { required: true, replaces: true, expect: guid };

const table: Table = {
  appRoleId: text(replaces),
  principalDisplayName: text({ output: true }),
  principalObjectId: text(replaces),
  principalType: text({ output: true }),
  resourceDisplayName: text({ output: true }),
  resourceObjectId: text(replaces),
};

export const appRoleAssignment: Resource<Graph> = {
  terraform: "azuread_app_role_assignment",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":300000000000,"read":300000000000},"schema_version":"1"}',
  importable: ID,
  table,

  async create(graph, inputs) {
    const resource = `/servicePrincipals/${inputs.resourceObjectId}`;
    await present(graph, resource, String(inputs.resourceObjectId));
    const made = await naming("Could not create app role assignment", () =>
      graph.post(
        `${resource}/appRoleAssignedTo`,
        {
          "@odata.type": "#microsoft.graph.appRoleAssignment",
          appRoleId: inputs.appRoleId,
          principalId: inputs.principalObjectId,
          resourceId: inputs.resourceObjectId,
        },
        replicating,
      ),
    );
    const id = `/servicePrincipals/${made.resourceId}/appRoleAssignedTo/${made.id}`;
    const outputs = await readBack(graph, id);
    if (!outputs) throw new Error(`expected non-nil error with nil state during Create of ${id}`);
    return { id, outputs };
  },

  async read(graph, id) {
    const outputs = await readBack(graph, id);
    return outputs && { id, outputs };
  },

  async delete(graph, id) {
    await naming(`[id] Deleting ${label(id)}`, () => graph.delete(id));
  },
};

async function present(graph: Graph, path: string, object: string): Promise<void> {
  try {
    await graph.get(path);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof GraphError && error.status === 404) {
      throw new Error(
        `[principal_object_id] Service principal not found for resource (Object ID: "${object}"): ${message}`,
      );
    }
    throw new Error(`Could not retrieve service principal for resource (Object ID: "${object}"): ${message}`);
  }
}

/** A new service principal or group may not have reached every replica yet. */
const replicating = (status: number, text: string) =>
  status === 404 || (status === 400 && text.includes("Not a valid reference update"));

async function readBack(graph: Graph, id: string): Promise<Properties | undefined> {
  const found = await naming(`retrieving ${label(id)}`, () => graph.find(id));
  if (!found) return undefined;
  return {
    id,
    appRoleId: found.appRoleId,
    principalDisplayName: found.principalDisplayName ?? "",
    principalObjectId: found.principalId ?? "",
    principalType: found.principalType ?? "",
    resourceDisplayName: found.resourceDisplayName ?? "",
    resourceObjectId: found.resourceId ?? "",
  };
}

function label(id: string): string {
  const [, principal, assignment] = ID.exec(id) ?? [];
  if (!principal) throw new Error(`[id] Parsing App Role Assignment ID: parsing "${id}"`);
  const parts = `Service Principal: "${principal}"\nApp Role Assigned To: "${assignment}"`;
  return `Service Principal Id App Role Assigned To (${parts})`;
}
