/** Owners of applications and service principals: the caller is made one at creation, and leaves if not wanted. */
import type { Properties } from "../values";
import type { Graph } from "./client";
import { naming } from "./identity";
import { setOrder } from "./wire";

/** Graph takes 20 owners at creation; the caller is always among them. */
const AT_CREATION = 20;

export interface InitialOwners {
  /** For `owners@odata.bind`. */
  first: string[];
  later: string[];
  callerLeaves: boolean;
}

export function initialOwners(graph: Graph, asked: unknown): InitialOwners {
  const caller = graph.callerId.toLowerCase();
  const others = setOrder(asked).filter((owner) => owner.toLowerCase() !== caller);
  return {
    first: [graph.callerId, ...others.slice(0, AT_CREATION - 1)].map((owner) => graph.reference(owner)),
    later: others.slice(AT_CREATION - 1),
    callerLeaves: others.length === setOrder(asked).length,
  };
}

export async function addOwners(
  graph: Graph,
  path: string,
  owners: InitialOwners,
  what: string,
): Promise<void> {
  for (const owner of owners.later) await add(graph, path, owner, what);
  if (!owners.callerLeaves) return;
  await naming(`Could not remove initial owner from ${what} with object ID: "${path.split("/")[2]}"`, () =>
    graph.delete(`${path}/owners/${graph.callerId}/$ref`),
  );
}

export async function changeOwners(graph: Graph, path: string, asked: unknown, what: string): Promise<void> {
  const [have, want] = [await ownersOf(graph, path), setOrder(asked)];
  for (const owner of want.filter((id) => !have.includes(id))) await add(graph, path, owner, what);
  for (const owner of have.filter((id) => !want.includes(id))) {
    await naming(failure(path, what), () => graph.delete(`${path}/owners/${owner}/$ref`));
  }
}

export async function ownersOf(graph: Graph, path: string): Promise<string[]> {
  const owners = await naming(`[owners] Could not retrieve owners for ${path}`, () =>
    graph.list(`${path}/owners`),
  );
  return owners.map((owner: Properties) => String(owner.id));
}

async function add(graph: Graph, path: string, owner: string, what: string): Promise<void> {
  await naming(failure(path, what), () =>
    graph.post(`${path}/owners/$ref`, { "@odata.id": graph.reference(owner) }),
  );
}

/** The plugin says "add" for removals too. */
function failure(path: string, what: string): string {
  return `Could not add owners to ${what} with object ID: "${path.split("/")[2]}"`;
}
