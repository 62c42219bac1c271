/** Owners of applications and service principals. The caller is one at creation, and is removed if not configured. */
import type { Properties } from "../../bridge/values";
import type { GraphApi } from "./client";
import { withSummary } from "./identity";
import { sortLikeTerraform } from "./wire";

/** Graph accepts 20 owners at creation, the caller included. */
const MAX_AT_CREATION = 20;

export interface InitialOwners {
  /** URLs for `owners@odata.bind`. */
  atCreation: string[];
  afterwards: string[];
  shouldRemoveCaller: boolean;
}

export function chooseInitialOwners(graph: GraphApi, configured: unknown): InitialOwners {
  const caller = graph.callerId.toLowerCase();
  const others = sortLikeTerraform(configured).filter((owner) => owner.toLowerCase() !== caller);
  return {
    atCreation: [graph.callerId, ...others.slice(0, MAX_AT_CREATION - 1)].map((owner) =>
      graph.getReferenceUrl(owner),
    ),
    afterwards: others.slice(MAX_AT_CREATION - 1),
    shouldRemoveCaller: others.length === sortLikeTerraform(configured).length,
  };
}

export async function addOwners(
  graph: GraphApi,
  path: string,
  owners: InitialOwners,
  what: string,
): Promise<void> {
  for (const owner of owners.afterwards) await addOwner(graph, path, owner, what);
  if (!owners.shouldRemoveCaller) return;
  await withSummary(
    `Could not remove initial owner from ${what} with object ID: "${path.split("/")[2]}"`,
    () => graph.delete(`${path}/owners/${graph.callerId}/$ref`),
  );
}

export async function changeOwners(
  graph: GraphApi,
  path: string,
  configured: unknown,
  what: string,
): Promise<void> {
  const [actual, expected] = [await listOwners(graph, path), sortLikeTerraform(configured)];
  for (const owner of expected.filter((id) => !actual.includes(id))) await addOwner(graph, path, owner, what);
  for (const owner of actual.filter((id) => !expected.includes(id))) {
    await withSummary(describeFailure(path, what), () => graph.delete(`${path}/owners/${owner}/$ref`));
  }
}

export async function listOwners(graph: GraphApi, path: string): Promise<string[]> {
  const owners = await withSummary(`[owners] Could not retrieve owners for ${path}`, () =>
    graph.list(`${path}/owners`),
  );
  return owners.map((owner: Properties) => String(owner.id));
}

async function addOwner(graph: GraphApi, path: string, owner: string, what: string): Promise<void> {
  await withSummary(describeFailure(path, what), () =>
    graph.post(`${path}/owners/$ref`, { "@odata.id": graph.getReferenceUrl(owner) }),
  );
}

/** Describes a failure; the plugin says "add" for removals too. */
function describeFailure(path: string, what: string): string {
  return `Could not add owners to ${what} with object ID: "${path.split("/")[2]}"`;
}
