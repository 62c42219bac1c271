import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readProjectFile } from "../../stacks/settings/project-file";
import type { StackState } from "../../stacks/state/state";
import { findOnPath, findPulumiHome, isExecutable } from "../../tools/path";

export interface InstalledPlugin {
  readonly program: string;
  /** The version that programs of the project ask for. */
  readonly version: string;
}

/**
 * Finds the plugin that the engine would start for a package of the project; undefined where the engine has to decide,
 * because the plugin is not installed yet or comes from another place than the Pulumi home.
 */
export function findInstalledPlugin(
  name: string,
  projectFolder: string,
  env: NodeJS.ProcessEnv,
): InstalledPlugin | undefined {
  const version = readSdkVersion(name, projectFolder);
  const folder = join(findPulumiHome(env), "plugins", `resource-${name}-v${version}`);
  const program = join(folder, `pulumi-resource-${name}`);
  const isOverridden =
    findOnPath(`pulumi-resource-${name}`, env) || "plugins" in readProjectFile(projectFolder);
  if (isOverridden || !version || !isExecutable(program) || existsSync(`${folder}.partial`)) return undefined;
  return { program, version };
}

/** True if every provider of the package in the state has this version: the engine starts a plugin for each version. */
export function isOnlyVersion(name: string, version: string, { resources }: StackState): boolean {
  const providers = resources.filter(({ type }) => type === `pulumi:providers:${name}`);
  return providers.every(({ inputs }) => inputs?.version === version);
}

function readSdkVersion(name: string, projectFolder: string): string | undefined {
  for (const folder of [projectFolder, __dirname]) {
    try {
      const path = createRequire(join(folder, "index.js")).resolve(`@pulumi/${name}/package.json`);
      return JSON.parse(readFileSync(path, "utf8")).version;
    } catch {
      // A program elsewhere may use the SDKs of this repository.
    }
  }
  return undefined;
}
