import { PulumiCommand } from "@pulumi/pulumi/automation";
import { parse, type SemVer } from "semver";
import type { Engine } from "../tools/engine";

/** The private constructor behind `PulumiCommand.get` (3.232.0, automation/cmd.js). */
type Constructor = new (command: string, version: SemVer | null) => PulumiCommand;

/** Creates the SDK's handle of an engine whose version is known; `PulumiCommand.get` would start the engine to read it. */
export function createPulumiCommand({ command, version }: Engine): PulumiCommand {
  return new (PulumiCommand as unknown as Constructor)(command, parse(version));
}
