import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { getPluginPath, installFromHome, installStandIns, PLUGINS } from "../../stand-ins/install";
import { UserError } from "../errors";
import type { Progress } from "../terminal/progress";
import type { Engine } from "../tools/engine";
import { requireInstallerHost } from "../tools/engine/install";
import { findOnPath, findPulumiHome, isExecutable } from "../tools/path";
import { LOCAL_FOLDER } from "./local-folder";

export type PluginKind = "official" | "stand-ins";

/** The options of a command that deploys to a twin of its own. */
export interface TwinRunOptions {
  /** Ends without serving. */
  readonly once: boolean;
  readonly kind: PluginKind | undefined;
}

export interface PluginRequest {
  readonly engine: Engine;
  readonly progress: Progress;
  /** Default: the official plugins that are installed or can be downloaded, and stand-ins for the others. */
  readonly kind: PluginKind | undefined;
  /** The caller's environment, which names the Pulumi home with the official plugins. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder for the Pulumi homes of this project; default: `.local`. */
  readonly folder?: string;
  /** Default: that of this machine. */
  readonly platform?: NodeJS.Platform;
}

const execute = promisify(execFile);

/**
 * Prepares a Pulumi home with the plugins that deploy to the twin, and says which these are. The user's own Pulumi home
 * gets the official plugins that it lacks, and nothing else.
 *
 * @returns the path of the prepared Pulumi home
 * @throws UserError where official plugins are requested and cannot be had
 */
export async function preparePlugins(request: PluginRequest): Promise<string> {
  const { kind, progress, folder = LOCAL_FOLDER, env = process.env, platform = process.platform } = request;
  const userHome = findPulumiHome(env);
  const isInstalled = (name: string) => isExecutable(getPluginPath(userHome, name));
  const names = Object.keys(PLUGINS);
  const objection = describeObjection(kind, platform);
  const reason = objection ?? (await download(request, names, isInstalled));
  const official = objection ? [] : names.filter(isInstalled);
  const others = names.filter((name) => !official.includes(name));
  if (kind === "official" && others.length > 0)
    throw new UserError(
      `the official plugins must be in ${userHome}; missing: ${listVersions(others)} (${reason})`,
      [
        ...others.map((name) => `pulumi plugin install resource ${name} ${PLUGINS[name]}`),
        "Or use the stand-ins: npm run local -- --stand-ins",
      ],
    );
  const home = join(folder, official.length > 0 ? "pulumi-official" : "pulumi");
  for (const name of official) installFromHome(home, userHome, name);
  installStandIns(home, others);
  const why = objection ?? `not in ${userHome}: ${reason}`;
  const parts = [
    ...(official.length > 0 ? [`the official ${listVersions(official)}`] : []),
    ...(others.length > 0 ? [`stand-ins for ${listVersions(others)} (${why})`] : []),
  ];
  progress.line(`  Plugins: ${parts.join("; ")}`);
  return home;
}

/**
 * Finds the Node.js language host that the engine would run a program with, and says whether there is one: an engine that
 * was built from source comes without.
 */
export function findLanguageHost(engine: Engine, progress: Progress, env = process.env): boolean {
  const own = dirname(realpathSync(engine.command));
  const host = findOnPath("pulumi-language-nodejs", { PATH: [env.PATH, own].join(delimiter) });
  progress.line(`  Program: run by ${host ?? "this process, because the engine has no language host"}`);
  return host !== undefined;
}

const listVersions = (names: readonly string[]) => names.map((name) => `${name} ${PLUGINS[name]}`).join(", ");

/** Describes why no official plugin is to be used, if there is a reason. */
function describeObjection(kind: PluginKind | undefined, platform: NodeJS.Platform): string | undefined {
  if (kind === "stand-ins") return "as requested";
  // azuread is a Go program, and there Go ignores SSL_CERT_FILE.
  return kind === undefined && platform === "darwin"
    ? "on macOS, azuread trusts only the keychain"
    : undefined;
}

/** Downloads missing official plugins. @returns why one of them is still missing, if one is */
async function download(
  { engine, progress, env = process.env }: PluginRequest,
  names: readonly string[],
  isInstalled: (name: string) => boolean,
): Promise<string | undefined> {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return undefined;
  const disabled = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";
  if (/^(1|true)$/i.test(env[disabled] ?? "")) return `${disabled} is set`;
  try {
    // Companies have mirrors.
    if (!env.PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES) await requireInstallerHost(env);
    for (const name of missing)
      await progress.step(`Downloading the official plugin ${listVersions([name])}`, () =>
        execute(engine.command, ["plugin", "install", "resource", name, PLUGINS[name] ?? ""], { env }),
      );
    return "an installed program is not executable";
  } catch (error) {
    return (error as Error).message.trim().split("\n").at(-1);
  }
}
