/** `azuread:index/applicationFromTemplate:ApplicationFromTemplate`: an application of the gallery, with its principal. */

import { string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import type { GraphApi } from "../microsoft-graph/client";
import { expectGuid, expectNotEmpty } from "../microsoft-graph/expectations";
import { withSummary } from "../microsoft-graph/identity";
import { createGraphResource } from "../microsoft-graph/resource";

const ID = /^\/applicationTemplates\/([^/]+)\/instantiate\/([^/]+)\/([^/]+)$/;

const table: Table = {
  applicationId: string({ output: true }),
  applicationObjectId: string({ output: true }),
  displayName: string({ required: true, expect: expectNotEmpty }),
  servicePrincipalId: string({ output: true }),
  servicePrincipalObjectId: string({ output: true }),
  templateId: string({ required: true, replaces: true, expect: expectGuid }),
};

export const applicationFromTemplateResource = createGraphResource({
  terraform: "azuread_application_from_template",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":600000000000,"delete":300000000000,"read":300000000000,"update":600000000000}}',
  importable: ID,
  table,

  async create(graph, { templateId, displayName }) {
    const label = `Application Template (Application Template: "${templateId}")`;
    const { application, servicePrincipal } = (await withSummary(`creating ${label}`, () =>
      graph.post(`/applicationTemplates/${templateId}/instantiate`, { displayName }),
    )) as Record<"application" | "servicePrincipal", Properties>;
    const exists = async () => (await graph.find(`/applications/${application.id}`)) !== undefined;
    if (!(await graph.waitUntilStable(exists)))
      throw new Error(`creating ${label}: timed out waiting for replication of new application`);
    return `/applicationTemplates/${templateId}/instantiate/${application.id}/${servicePrincipal.id}`;
  },

  readBack,

  async update(graph, id, _state, { displayName }) {
    await withSummary(`updating ${id}`, () =>
      graph.patch(`/applications/${parse(id).application}`, { displayName }),
    );
  },

  async delete(graph, id) {
    await withSummary(`deleting ${id}`, () => graph.delete(`/applications/${parse(id).application}`));
  },
});

function parse(id: string): { template: string; application: string; principal: string } {
  const [, template, application, principal] = ID.exec(id) ?? [];
  if (!template || !application || !principal) throw new Error(`[id] Parsing ID: parsing "${id}"`);
  return { template, application, principal };
}

async function readBack(graph: GraphApi, id: string): Promise<Properties | undefined> {
  const { template, application, principal } = parse(id);
  const found = await withSummary(`retrieving ${id}`, () => graph.find(`/applications/${application}`));
  if (!found) return undefined;
  return {
    id,
    applicationId: `/applications/${application}`,
    applicationObjectId: application,
    displayName: found.displayName,
    servicePrincipalId: `/servicePrincipals/${principal}`,
    servicePrincipalObjectId: principal,
    templateId: template,
  };
}
