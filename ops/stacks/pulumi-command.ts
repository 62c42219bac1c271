import { PulumiCommand } from "@pulumi/pulumi/automation";
import { parse, type SemVer } from "semver";
import type { Engine } from "../tools/engine";

/** The constructor that `PulumiCommand.get` calls once it has asked the engine for its version (3.232.0, automation/cmd.js). */
type Constructor = new (command: string, version: SemVer | null) => PulumiCommand;

/** The SDK's handle of an engine whose version is known: asking again would start the engine once more. */
export function createPulumiCommand({ command, version }: Engine): PulumiCommand {
  return new (PulumiCommand as unknown as Constructor)(command, parse(version));
}
