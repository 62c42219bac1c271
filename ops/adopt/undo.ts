import { readFileSync, writeFileSync } from "node:fs";
import type { Client } from "@microsoft/microsoft-graph-client";
import type { DirectoryObject } from "@microsoft/microsoft-graph-types";
import type { DeployerClouds } from "../clients/deployer";
import { listAllPages } from "../clients/pages";
import { UserError } from "../errors";
import { findCurrentClientSecret, readTenantState, TENANT_RESOURCES } from "../recovery/tenant-state";
import type { Stack } from "../stacks";
import { readStackState } from "../stacks/state/state";
import { type AdoptionRecord, removeAdoptionRecord } from "./record";

/** Types that an adoption creates; anything else in the state was added afterwards. */
const ADOPTED_TYPES = new Set<string>([
  ...Object.values(TENANT_RESOURCES).map(([type]) => type),
  "azuread:index/applicationPassword:ApplicationPassword",
]);

/**
 * Removes the adopted resources from the state without deleting them, and restores tags, owners and config. Cloudflare
 * keeps the new client secret, because the value of the one before is lost.
 *
 * @returns what a person must do
 * @throws UserError where the stack has created other resources since, which would become unmanaged
 */
export async function undoAdoption(
  stack: Stack,
  record: AdoptionRecord,
  { graph, entra }: DeployerClouds,
): Promise<string[]> {
  const state = await stack.export();
  const { resources } = readStackState(state);
  const { application, servicePrincipal, access, created = [], before, settingsAfter } = record;
  const keys = [...access.map(([key]) => key), ...created];
  const adopted = new Set(keys.map(([type, name]) => `${type}::${name}`));
  const isAdopted = ({ type, urn }: (typeof resources)[number]) =>
    ADOPTED_TYPES.has(type) ||
    /^(pulumi|entra-access):/.test(type) ||
    adopted.has(`${type}::${urn.split("::").at(-1)}`);
  const others = resources.filter((resource) => !isAdopted(resource));
  if (others.length > 0)
    throw new UserError("the stack must have no resources that it created after the adoption", [
      ...others.map(({ urn }) => urn.split("::").at(-1) ?? urn),
      "Remove them first: delete their settings and run npx entra-access up.",
    ]);
  await graph.api(`/applications/${application.id}`).patch({ tags: before.tags });
  const entraUrl = entra.graph;
  await restoreOwners(graph, entraUrl, `/applications/${application.id}`, before.owners.application);
  await restoreOwners(
    graph,
    entraUrl,
    `/servicePrincipals/${servicePrincipal}`,
    before.owners.servicePrincipal,
  );

  const actionNeeded: string[] = [];
  const secret = findCurrentClientSecret(readTenantState(state))?.outputs;
  if (secret)
    actionNeeded.push(
      `Cloudflare signs in with client secret "${secret.displayName}" (${secret.keyId}), which expires ${secret.endDate}: ` +
        "replace it by hand before that.",
    );
  await stack.import({
    ...state,
    deployment: { ...state.deployment, resources: [], pending_operations: [] },
  });
  const isUnchanged =
    settingsAfter === undefined || readFileSync(stack.settingsFile, "utf8") === settingsAfter;
  if (isUnchanged) writeFileSync(stack.settingsFile, before.settings);
  else
    actionNeeded.push(`${stack.settingsFile} was changed since the adoption and is not restored: review it.`);
  removeAdoptionRecord(stack);
  return actionNeeded;
}

/** Adds owners before it removes others, because an object must not be without an owner. */
async function restoreOwners(
  graph: Client,
  address: string,
  path: string,
  expected: readonly string[],
): Promise<void> {
  const actual = (await listAllPages<DirectoryObject>(graph, `${path}/owners`)).map(({ id }) => String(id));
  for (const id of expected.filter((one) => !actual.includes(one)))
    await graph.api(`${path}/owners/$ref`).post({ "@odata.id": `${address}/v1.0/directoryObjects/${id}` });
  for (const id of actual.filter((one) => !expected.includes(one)))
    await graph.api(`${path}/owners/${id}/$ref`).delete();
}
