/** `azuread:index/synchronizationJob:SynchronizationJob`: a job of provisioning. */

import { block, boolean, listOf, string, type Table } from "../../bridge/table/properties";
import type { Properties } from "../../bridge/values";
import type { GraphApi } from "../microsoft-graph/client";
import { expectServicePrincipalId } from "../microsoft-graph/expectations";
import { formatIdLabel, parseObjectId, withSummary } from "../microsoft-graph/identity";
import { createGraphResource } from "../microsoft-graph/resource";
import { isProvisioningBusy } from "./retry";

const ID = /^(\/servicePrincipals\/[^/]+)\/synchronization\/jobs\/([^/]+)$/;

const table: Table = {
  enabled: boolean({ default: true }),
  schedules: listOf(block({ expiration: string(), interval: string(), state: string() }), {
    output: true,
    terraform: "schedule",
  }),
  servicePrincipalId: string({ required: true, replaces: true, expect: expectServicePrincipalId }),
  templateId: string({ required: true, replaces: true }),
};

export const synchronizationJobResource = createGraphResource({
  terraform: "azuread_synchronization_job",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":900000000000,"delete":300000000000,"read":300000000000,"update":300000000000},"schema_version":"1"}',
  importable: ID,
  table,

  async create(graph, inputs) {
    const principal = String(inputs.servicePrincipalId);
    const label = formatIdLabel("Service Principal", parseObjectId(principal, "servicePrincipals"));
    if (!(await withSummary(`Retrieving ${label}`, () => graph.find(principal))))
      throw new Error(`[service_principal_id] ${label} was not found`);
    const job = await withSummary(`Creating synchronization job for ${label}`, () =>
      graph.post(
        `${principal}/synchronization/jobs`,
        { "@odata.type": "#microsoft.graph.synchronizationJob", templateId: inputs.templateId },
        isProvisioningBusy,
      ),
    );
    const id = `${principal}/synchronization/jobs/${job.id}`;
    if (!(await graph.waitUntilStable(async () => (await graph.find(id)) !== undefined)))
      throw new Error(`Waiting for creation of ${id}`);
    if (inputs.enabled === true) await run(graph, id, "start");
    return id;
  },

  readBack,

  async update(graph, id, state, inputs) {
    if (state.enabled !== inputs.enabled) await run(graph, id, inputs.enabled === true ? "start" : "pause");
  },

  async delete(graph, id) {
    await withSummary(`Removing ${id}`, () => graph.delete(id));
  },
});

async function run(graph: GraphApi, id: string, action: "start" | "pause"): Promise<void> {
  const summary = action === "start" ? `Starting ${id}` : `Pausing ${id}`;
  await withSummary(summary, () => graph.post(`${id}/${action}`, {}, isProvisioningBusy));
}

async function readBack(graph: GraphApi, id: string): Promise<Properties | undefined> {
  const [, servicePrincipalId] = ID.exec(id) ?? [];
  if (!servicePrincipalId) throw new Error(`[id] Parsing synchronization job ID "${id}"`);
  const found = await withSummary(`Retrieving ${id}`, () => graph.find(id));
  if (!found) return undefined;
  const { expiration, interval, state } = found.schedule as Record<string, string | null>;
  return {
    id,
    enabled: state === "Active",
    schedules: [{ expiration: expiration ?? "", interval, state }],
    servicePrincipalId,
    templateId: found.templateId,
  };
}
