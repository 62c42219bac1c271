/** `azuread:index/appRoleAssignment:AppRoleAssignment`: an assignment to an application. Every change replaces it. */

import { string, type Table } from "../bridge/table/properties";
import type { Properties } from "../bridge/values";
import { type GraphApi, isNotFound } from "./microsoft-graph/client";
import { expectGuid } from "./microsoft-graph/expectations";
import { withSummary } from "./microsoft-graph/identity";
import { createGraphResource } from "./microsoft-graph/resource";

const ID = /^\/servicePrincipals\/([^/]+)\/appRoleAssignedTo\/([^/]+)$/;
const replaces = { required: true, replaces: true, expect: expectGuid };

const table: Table = {
  appRoleId: string(replaces),
  principalDisplayName: string({ output: true }),
  principalObjectId: string(replaces),
  principalType: string({ output: true }),
  resourceDisplayName: string({ output: true }),
  resourceObjectId: string(replaces),
};

export const appRoleAssignmentResource = createGraphResource({
  terraform: "azuread_app_role_assignment",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":300000000000,"read":300000000000},"schema_version":"1"}',
  importable: ID,
  table,

  async create(graph, inputs) {
    const resource = `/servicePrincipals/${inputs.resourceObjectId}`;
    await requireServicePrincipal(graph, resource, String(inputs.resourceObjectId));
    const assignment = await withSummary("Could not create app role assignment", () =>
      graph.post(
        `${resource}/appRoleAssignedTo`,
        {
          "@odata.type": "#microsoft.graph.appRoleAssignment",
          appRoleId: inputs.appRoleId,
          principalId: inputs.principalObjectId,
          resourceId: inputs.resourceObjectId,
        },
        isReplicating,
      ),
    );
    return `/servicePrincipals/${assignment.resourceId}/appRoleAssignedTo/${assignment.id}`;
  },

  readBack,

  async delete(graph, id) {
    await withSummary(`[id] Deleting ${formatLabel(id)}`, () => graph.delete(id));
  },
});

async function requireServicePrincipal(graph: GraphApi, path: string, object: string): Promise<void> {
  try {
    await graph.get(path);
  } catch (error) {
    const { message } = error as Error;
    if (isNotFound(error)) {
      throw new Error(
        `[principal_object_id] Service principal not found for resource (Object ID: "${object}"): ${message}`,
      );
    }
    throw new Error(`Could not retrieve service principal for resource (Object ID: "${object}"): ${message}`);
  }
}

/** Tells if a new service principal or group may not have been replicated yet. */
const isReplicating = (status: number, text: string) =>
  status === 404 || (status === 400 && text.includes("Not a valid reference update"));

async function readBack(graph: GraphApi, id: string): Promise<Properties | undefined> {
  const found = await withSummary(`retrieving ${formatLabel(id)}`, () => graph.find(id));
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

function formatLabel(id: string): string {
  const [, principal, assignment] = ID.exec(id) ?? [];
  if (!principal) throw new Error(`[id] Parsing App Role Assignment ID: parsing "${id}"`);
  const parts = `Service Principal: "${principal}"\nApp Role Assigned To: "${assignment}"`;
  return `Service Principal Id App Role Assigned To (${parts})`;
}
