/** `azuread:index/synchronizationSecret:SynchronizationSecret`: the credentials of provisioning. */

import { block, listOf, string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import type { GraphApi } from "../microsoft-graph/client";
import { expectServicePrincipalId } from "../microsoft-graph/expectations";
import { formatIdLabel, parseObjectId, withSummary } from "../microsoft-graph/identity";
import { createGraphResource } from "../microsoft-graph/resource";
import { isProvisioningBusy } from "./retry";

const table: Table = {
  credentials: listOf(
    block({ key: string({ required: true }), value: string({ required: true, secret: true }) }),
    { terraform: "credential" },
  ),
  servicePrincipalId: string({ required: true, replaces: true, expect: expectServicePrincipalId }),
};

type Credential = { key: string; value: string };

export const synchronizationSecretResource = createGraphResource({
  terraform: "azuread_synchronization_secret",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":300000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  importable: /^\/servicePrincipals\/[^/]+$/,
  table,

  async create(graph, inputs) {
    const id = String(inputs.servicePrincipalId);
    await withSummary(`Creating synchronization secret for ${formatLabel(id)}`, () =>
      write(graph, id, listCredentials(inputs)),
    );
    return id;
  },

  readBack,

  async update(graph, id, _state, inputs) {
    await withSummary(`Updating synchronization secret for ${formatLabel(id)}`, () =>
      write(graph, id, listCredentials(inputs)),
    );
  },

  /** Deletes the credentials by empty values, as the plugin does. */
  async delete(graph, id, state) {
    const empty = listCredentials(state).map(({ key }) => ({ key, value: "" }));
    await withSummary(`Removing synchronization secrets for ${formatLabel(id)}`, () => put(graph, id, empty));
  },
});

const formatLabel = (id: string) =>
  formatIdLabel("Service Principal", parseObjectId(id, "servicePrincipals"));

const listCredentials = ({ credentials }: Properties) => (credentials ?? []) as Credential[];

const put = (graph: GraphApi, id: string, value: Credential[]) =>
  graph.put(`${id}/synchronization/secrets`, { value }, isProvisioningBusy);

async function write(graph: GraphApi, id: string, credentials: Credential[]): Promise<void> {
  await put(graph, id, credentials);
  const appeared = async () =>
    (await graph.list(`${id}/synchronization/secrets`)).length === credentials.length;
  if (!(await graph.waitUntilStable(appeared))) throw new Error("the credentials did not appear");
}

/** Reads the credentials; a masked value is that of the state. */
async function readBack(graph: GraphApi, id: string, state: Properties): Promise<Properties | undefined> {
  const found = await withSummary(`Retrieving synchronization secrets for ${formatLabel(id)}`, () =>
    graph.find(`${id}/synchronization/secrets`),
  );
  if (!found) return undefined;
  const known = new Map(listCredentials(state).map(({ key, value }) => [key, value]));
  const credentials = (found.value as Credential[]).map(({ key, value }) => ({
    key,
    value: value === "*" ? (known.get(key) ?? value) : value,
  }));
  return { id, servicePrincipalId: id, credentials };
}
