import type { Deployment } from "@pulumi/pulumi/automation";
import type { RunEngine } from "../engine-runner";
import { retryPartialReads } from "./history";

/** Exports the states of all stacks of the backend except one. */
export async function exportOtherStacks(
  runEngine: RunEngine,
  own: { readonly project: string; readonly name: string },
): Promise<Deployment[]> {
  const list = () => runEngine("stack", "ls", "--json", "--all");
  const all: { name: string }[] = JSON.parse(await retryPartialReads(list));
  const states: Deployment[] = [];
  for (const { name } of all) {
    if (isOwn(name, own)) continue;
    states.push(JSON.parse(await retryPartialReads(() => runEngine("stack", "export", "--stack", name))));
  }
  return states;
}

/** The list shortens the names of stacks in this project and of this organization. */
function isOwn(listed: string, { project, name }: { project: string; name: string }): boolean {
  const [stack, folder = project] = listed.split("/").reverse();
  return stack === name && folder === project;
}
