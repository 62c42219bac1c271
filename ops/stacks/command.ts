import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Engine } from "../tools/engine";

const commands = new Map<string, Promise<PulumiCommand>>();

/** The SDK's handle of an engine. Making one asks the engine for its version: once in a process is enough. */
export function commandOf({ command, root }: Engine): Promise<PulumiCommand> {
  const known = commands.get(command) ?? PulumiCommand.get(root ? { root } : {});
  commands.set(command, known);
  return known;
}
