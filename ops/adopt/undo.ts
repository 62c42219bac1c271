import { readFileSync, writeFileSync } from "node:fs";
import type { Client } from "@microsoft/microsoft-graph-client";
import type { DirectoryObject } from "@microsoft/microsoft-graph-types";
import type { DeployerClouds } from "../clients/deployer";
import { listAllPages } from "../clients/pages";
import { UserError } from "../errors";
import { findCurrentClientSecret, readTenantState, TENANT_RESOURCES } from "../recovery/tenant-state";
import type { Stack } from "../stacks";
import { type AdoptionRecord, removeAdoptionRecord } from "./record";

/** What is the adoption's own in a state; the rest somebody declared since. */
const OWN = new Set<string>([
  ...Object.values(TENANT_RESOURCES).map(([type]) => type),
  "azuread:index/applicationPassword:ApplicationPassword",
]);

/**
 * Makes the stack forget what it took over, deleting nothing, and puts tags, owners and settings back. Cloudflare keeps
 * the new client secret: nobody has the one before.
 *
 * @returns what a person has to know
 * @throws UserError where the stack made other things since: they would be in no state
 */
export async function undoAdoption(
  stack: Stack,
  record: AdoptionRecord,
  { graph, entra }: DeployerClouds,
): Promise<string[]> {
  const state = await stack.export();
  const resources: { type: string; urn: string }[] = state.deployment.resources ?? [];
  const { application, servicePrincipal, access, before, settingsAfter } = record;
  const adopted = new Set(access.map(([[type, name]]) => `${type}::${name}`));
  const isOwn = ({ type, urn }: (typeof resources)[number]) =>
    OWN.has(type) ||
    /^(pulumi|entra-access):/.test(type) ||
    adopted.has(`${type}::${urn.split("::").at(-1)}`);
  const others = resources.filter((resource) => !isOwn(resource));
  if (others.length > 0)
    throw new UserError("the stack has made other things since", [
      ...others.map(({ urn }) => urn.split("::").at(-1) ?? urn),
      "Remove them first: take their settings away and run npx entra-access up.",
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

  const told: string[] = [];
  const secret = findCurrentClientSecret(readTenantState(state))?.outputs;
  if (secret)
    told.push(
      `client secret "${secret.displayName}" (${secret.keyId}) is the one that Cloudflare has, until ${secret.endDate}: ` +
        "nobody renews it now.",
    );
  await stack.import({
    ...state,
    deployment: { ...state.deployment, resources: [], pending_operations: [] },
  });
  const isAsWritten =
    settingsAfter === undefined || readFileSync(stack.settingsFile, "utf8") === settingsAfter;
  if (isAsWritten) writeFileSync(stack.settingsFile, before.settings);
  else told.push(`${stack.settingsFile} was changed since and stays as it is.`);
  removeAdoptionRecord(stack);
  return told;
}

/** Adds before it removes: an object may not be left without an owner. */
async function restoreOwners(
  graph: Client,
  address: string,
  path: string,
  wanted: readonly string[],
): Promise<void> {
  const found = (await listAllPages<DirectoryObject>(graph, `${path}/owners`)).map(({ id }) => String(id));
  for (const id of wanted.filter((one) => !found.includes(one)))
    await graph.api(`${path}/owners/$ref`).post({ "@odata.id": `${address}/v1.0/directoryObjects/${id}` });
  for (const id of found.filter((one) => !wanted.includes(one)))
    await graph.api(`${path}/owners/${id}/$ref`).delete();
}
