/** `azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential`: the trust in another issuer. */

import { listOf, string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import type { GraphApi } from "../microsoft-graph/client";
import { expectApplicationId, expectNotEmpty } from "../microsoft-graph/expectations";
import { formatIdLabel, parseObjectId, withSummary } from "../microsoft-graph/identity";
import { createGraphResource } from "../microsoft-graph/resource";
import { emptyToNull } from "../microsoft-graph/wire";

const ID = /^([^/]+)\/federatedIdentityCredential\/([^/]+)$/;

const table: Table = {
  applicationId: string({ required: true, replaces: true, expect: expectApplicationId }),
  audiences: listOf(string({ expect: expectNotEmpty }), { required: true }),
  credentialId: string({ output: true }),
  description: string(),
  displayName: string({ required: true, replaces: true, expect: expectNotEmpty }),
  issuer: string({ required: true }),
  subject: string({ required: true }),
};

export const federatedCredentialResource = createGraphResource({
  terraform: "azuread_application_federated_identity_credential",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":900000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  importable: ID,
  table,

  async create(graph, inputs) {
    const application = parseObjectId(String(inputs.applicationId), "applications");
    const [path, name] = [`/applications/${application}`, formatIdLabel("Application", application)];
    return graph.runExclusively(async () => {
      const app = await withSummary(`[application_id] Retrieving ${name}`, () => graph.find(path));
      if (!app) throw new Error(`[application_id] ${name} was not found`);
      const { id: key } = await withSummary(`Adding federated identity credential for ${name}`, () =>
        graph.post(`${path}/federatedIdentityCredentials`, {
          ...buildBody(inputs),
          name: inputs.displayName,
        }),
      );
      const summary = `Waiting for federated identity credential for ${name}`;
      const isListed = async () => (await listKeys(graph, path)).includes(String(key));
      if (!(await withSummary(summary, () => graph.waitUntilStable(isListed))))
        throw new Error(`${summary}: federated identity credential not found in application manifest`);
      return `${application}/federatedIdentityCredential/${key}`;
    });
  },

  readBack,

  async update(graph, id, _state, inputs) {
    const { path } = parseId(id);
    await withSummary(`Updating ${formatLabel(id)}`, () =>
      graph.runExclusively(() => graph.patch(path, buildBody(inputs))),
    );
  },

  async delete(graph, id) {
    const { application, key, path } = parseId(id);
    await graph.runExclusively(async () => {
      await withSummary(`Removing ${formatLabel(id)}`, () => graph.delete(path));
      await withSummary(`Waiting for deletion of ${formatLabel(id)}`, () =>
        graph.waitUntilStable(
          async () => !(await listKeys(graph, `/applications/${application}`)).includes(key),
        ),
      );
    });
  },
});

const buildBody = ({ audiences, description, issuer, subject }: Properties): Properties => ({
  audiences,
  issuer,
  subject,
  description: emptyToNull(description),
});

const listKeys = async (graph: GraphApi, application: string) =>
  (await graph.list(`${application}/federatedIdentityCredentials`)).map(({ id }) => String(id));

async function readBack(graph: GraphApi, id: string): Promise<Properties | undefined> {
  const { application, key, path } = parseId(id);
  const found = await withSummary(`[id] Retrieving ${formatLabel(id)}`, () => graph.find(path));
  return (
    found && {
      id,
      applicationId: `/applications/${application}`,
      audiences: found.audiences,
      credentialId: key,
      description: found.description ?? "",
      displayName: found.name,
      issuer: found.issuer,
      subject: found.subject,
    }
  );
}

function parseId(id: string): { application: string; key: string; path: string } {
  const [, application, key] = ID.exec(id) ?? [];
  if (!application || !key)
    throw new Error(
      `[id] Parsing federated identity credential with ID "${id}": unable to parse FederatedIdentityCredential ID: ` +
        `Object Resource ID should be in the format {objectId}/{type}/{subId} - but got "${id}"`,
    );
  return { application, key, path: `/applications/${application}/federatedIdentityCredentials/${key}` };
}

function formatLabel(id: string): string {
  const { application, key } = parseId(id);
  return `federated identity credential "${key}" for application with object ID "${application}"`;
}
