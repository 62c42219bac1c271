import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { UserError } from "../errors";
import { Progress, type ProgressNote } from "../terminal/progress";
import { buildEngine } from "./engine/build";
import { runOfficialInstaller } from "./engine/install";
import {
  type Engine,
  type EngineRequest,
  isCompatibleVersion,
  readEngineVersion,
  UnavailableError,
} from "./engine/source";
import { installAtomically } from "./install-folder";
import { isExecutable } from "./path";

export type { Engine } from "./engine/source";

/** The engine (the `pulumi` program) that goes with the SDK; what we install is exactly this: `"3.232.0"`. */
export const ENGINE_VERSION: string = sdkVersion;

export interface EngineOptions {
  /** Default `process.env`; read are PATH, HOME, PULUMI_HOME and what Go reads. */
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** Stops a build, which then fails. */
  readonly signal?: AbortSignal;
}

/**
 * The engine of this machine: the one on PATH if its version will do, else the one in the Pulumi home.
 * Looks only. Throws {@link UserError} when there is none.
 */
export async function findEngine(options: EngineOptions = {}): Promise<Engine> {
  const wanted = describe(options);
  const { engine, misses } = await firstOf(INSTALLED, wanted);
  if (engine) return engine;
  throw new UserError(`no Pulumi engine ${wanted.version} on this machine: ${misses.map(text).join("; ")}`, [
    "Get it with: npm run ops -- engine",
  ]);
}

/**
 * Like {@link findEngine}, and gets one where there is none: with Pulumi's installer, or where its host is out of
 * reach by building it with Go. Throws one {@link UserError} that says for every source what is missing.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const wanted = describe(options);
  const installed = await firstOf(INSTALLED, wanted);
  if (installed.engine) return installed.engine;
  const progress = options.progress ?? new Progress();
  const obtained = await firstOf(
    OBTAINED.map(
      ([title, get]): Source =>
        () =>
          progress.step(title, (note) => obtain(wanted, (root) => get(wanted, root, note))),
    ),
    wanted,
    (miss) => progress.line(`  ${miss.message}`),
  );
  if (obtained.engine) return obtained.engine;
  const misses = [...installed.misses, ...obtained.misses];
  throw new UserError(`no Pulumi engine ${wanted.version} can be had on this machine`, [
    ...misses.map((miss) => `- ${text(miss)}`),
    "Any one of these helps:",
    ...obtained.misses.flatMap(({ next }) => (next ? [`- ${next}`] : [])),
    `- Install Pulumi ${wanted.version} or later yourself: https://www.pulumi.com/docs/iac/download-install/`,
  ]);
}

type Source = (wanted: EngineRequest) => Promise<Engine>;

/** In the order in which they are asked. */
const INSTALLED: readonly Source[] = [onPath, inPulumiHome];
const OBTAINED: readonly [
  title: string,
  get: (wanted: EngineRequest, root: string, note: ProgressNote) => Promise<void>,
][] = [
  ["Installing the Pulumi engine with Pulumi's installer", (_wanted, root) => runOfficialInstaller(root)],
  ["Building the Pulumi engine with Go, 2 to 5 minutes, once", buildEngine],
];

const text = ({ message }: Error) => message;

function describe({ env = process.env, signal }: EngineOptions): EngineRequest {
  const home = env.PULUMI_HOME || join(env.HOME || homedir(), ".pulumi");
  return { version: ENGINE_VERSION, home: resolve(home), env, signal };
}

async function firstOf(
  sources: readonly Source[],
  wanted: EngineRequest,
  onMiss = (_miss: UnavailableError) => {},
) {
  const misses: UnavailableError[] = [];
  for (const source of sources) {
    try {
      return { engine: await source(wanted), misses };
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      misses.push(error);
      onMiss(error);
    }
  }
  return { misses };
}

async function onPath(wanted: EngineRequest): Promise<Engine> {
  const folders = (wanted.env.PATH ?? "").split(delimiter).filter(Boolean);
  const command = folders.map((folder) => resolve(folder, "pulumi")).find(isExecutable);
  if (!command) throw new UnavailableError("pulumi is not on PATH");
  const version = await readEngineVersion(command, wanted.env);
  if (!isCompatibleVersion(version, wanted.version))
    throw new UnavailableError(`${command} on PATH is ${version}, not ${wanted.version} or a later 3.x`);
  return { command, version, source: "on PATH" };
}

async function inPulumiHome(wanted: EngineRequest): Promise<Engine> {
  const root = join(wanted.home, "versions", wanted.version);
  const command = join(root, "bin", "pulumi");
  if (!isExecutable(command)) throw new UnavailableError(`${command} does not exist`);
  const version = await readEngineVersion(command, wanted.env);
  if (version !== wanted.version) throw new UnavailableError(`${command} says that it is ${version}`);
  return { command, version, source: "in the Pulumi home", root };
}

async function obtain(wanted: EngineRequest, fill: (root: string) => Promise<void>): Promise<Engine> {
  const versions = join(wanted.home, "versions");
  try {
    await installAtomically(versions, wanted.version, {
      async fill(root) {
        mkdirSync(join(root, "bin"));
        await fill(root);
        await readEngineVersion(join(root, "bin", "pulumi"), wanted.env);
      },
      works: () =>
        inPulumiHome(wanted).then(
          () => true,
          () => false,
        ),
    });
    return await inPulumiHome(wanted);
  } catch (error) {
    throw error instanceof UnavailableError
      ? error
      : new UnavailableError(`${versions}: ${(error as Error).message}`);
  }
}
