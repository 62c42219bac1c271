import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { getPluginPath, installStandIns, PLUGINS, quote, writeAtomically } from "../../stand-ins/install";
import { UserError } from "../errors";
import type { Progress } from "../terminal/progress";
import type { Engine } from "../tools/engine";
import { requireInstallerHost } from "../tools/engine/install";
import { findPulumiHome, isExecutable } from "../tools/path";
import { LOCAL_FOLDER } from "./local-folder";

export type PluginKind = "official" | "stand-ins";

export interface PluginRequest {
  readonly engine: Engine;
  readonly progress: Progress;
  /** Default: the official plugins where they are installed or can be downloaded, stand-ins otherwise. */
  readonly kind: PluginKind | undefined;
  /** The caller's environment, which names the Pulumi home with the official plugins. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder for the Pulumi homes of this project; default: `.local`. */
  readonly folder?: string;
}

const execute = promisify(execFile);
const names = Object.entries(PLUGINS).map(([name, version]) => `${name} ${version}`);

/**
 * Prepares a Pulumi home with the plugins that deploy to the twin, and says which these are. The user's own Pulumi home
 * gets the official plugins that it lacks, and nothing else.
 *
 * @returns the path of the prepared Pulumi home
 * @throws UserError where official plugins are requested and cannot be had
 */
export async function preparePlugins(request: PluginRequest): Promise<string> {
  const { kind, progress, folder = LOCAL_FOLDER, env = process.env } = request;
  const reason = kind === "stand-ins" ? "as requested" : await findObstacle(request, env);
  if (reason === undefined) {
    const home = join(folder, "pulumi-official");
    // The engine does not look for plugins behind symbolic links, so programs lead to them.
    for (const name of Object.keys(PLUGINS)) {
      const script = `#!/bin/sh\nexec ${quote(findUserPlugin(env, name))} "$@"\n`;
      writeAtomically(getPluginPath(home, name), script, 0o755);
    }
    progress.line(`  Plugins: the official ones, ${names.join(", ")}`);
    return home;
  }
  if (kind === "official")
    throw new UserError(`the official plugins must be installed: ${reason}`, [
      ...Object.entries(PLUGINS).map(
        ([name, version]) => `pulumi plugin install resource ${name} ${version}`,
      ),
      "Or use the stand-ins: npm run local -- --stand-ins",
    ]);
  const home = join(folder, "pulumi");
  installStandIns(home);
  progress.line(`  Plugins: stand-ins for ${names.join(", ")} (${reason})`);
  return home;
}

/** Downloads missing official plugins. @returns why they cannot be used; undefined where they can */
async function findObstacle(
  { engine, progress }: PluginRequest,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const missing = Object.entries(PLUGINS).filter(([name]) => !isExecutable(findUserPlugin(env, name)));
  if (missing.length === 0) return undefined;
  const found = `no official ${missing.map(([name]) => name).join(", ")} in ${findPulumiHome(env)}`;
  if (/^(1|true)$/i.test(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION ?? ""))
    return `${found}, and PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION is set`;
  try {
    await requireInstallerHost();
    for (const [name, version] of missing)
      await progress.step(`Downloading the official plugin ${name} ${version}`, () =>
        execute(engine.command, ["plugin", "install", "resource", name, version], { env }),
      );
    return undefined;
  } catch (error) {
    return `${found}; ${(error as Error).message.trim().split("\n").at(-1)}`;
  }
}

function findUserPlugin(env: NodeJS.ProcessEnv, name: string): string {
  return getPluginPath(findPulumiHome(env), name);
}
