import type { Deployment } from "@pulumi/pulumi/automation";

/**
 * Exports the states of all stacks of the backend except one.
 *
 * @param runEngine runs a command of the engine and returns its output
 */
export async function exportOtherStacks(
  runEngine: (...args: string[]) => Promise<string>,
  own: { readonly project: string; readonly name: string },
): Promise<Deployment[]> {
  const all: { name: string }[] = JSON.parse(await runEngine("stack", "ls", "--json", "--all"));
  const states: Deployment[] = [];
  for (const { name } of all)
    if (!isOwn(name, own)) states.push(JSON.parse(await runEngine("stack", "export", "--stack", name)));
  return states;
}

/** The list shortens the names of stacks in this project and of this organization. */
function isOwn(listed: string, { project, name }: { project: string; name: string }): boolean {
  const [stack, folder = project] = listed.split("/").reverse();
  return stack === name && folder === project;
}
