import { mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { UserError } from "../errors";
import { Progress, type ProgressNote } from "../terminal/progress";
import { buildEngine } from "./engine/build";
import { runOfficialInstaller } from "./engine/install";
import {
  type Engine,
  type EngineRequest,
  findEngineVersion,
  isCompatibleVersion,
  readEngineVersion,
  UnavailableError,
} from "./engine/source";
import { installAtomically } from "./install-folder";
import { findPulumiHome, isExecutable } from "./path";

export type { Engine } from "./engine/source";

/** The version of the engine (the `pulumi` program) that belongs to the SDK: `"3.232.0"`. */
export const ENGINE_VERSION: string = sdkVersion;

export interface EngineOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** Stops a build, which then fails. */
  readonly signal?: AbortSignal;
  /** Runs the engine that is found, to replace a broken one; otherwise its folder may say its version. Default: false. */
  readonly verify?: boolean;
}

/**
 * Finds the engine of this machine: the one on PATH if its version is compatible, otherwise the one in the Pulumi home.
 *
 * @throws UserError where there is none
 */
export async function findEngine(options: EngineOptions = {}): Promise<Engine> {
  const request = createRequest(options);
  const { engine, misses } = await tryInOrder(INSTALLED, request);
  if (engine) return engine;
  throw new UserError(`Pulumi engine ${request.version} is required: ${misses.map(getMessage).join("; ")}`, [
    "Install it: npx entra-access engine",
  ]);
}

/**
 * Finds the engine as {@link findEngine} does, otherwise installs it: with Pulumi's installer, or with Go where the
 * installer's host is out of reach.
 *
 * @throws UserError with what is missing for each source
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const request = createRequest(options);
  const installed = await tryInOrder(INSTALLED, request);
  if (installed.engine) return installed.engine;
  const progress = options.progress ?? new Progress();
  const installedNow = await tryInOrder(
    INSTALLERS.map(
      ([title, install]): Source =>
        () =>
          progress.step(title, (note) => installEngine(request, (root) => install(request, root, note))),
    ),
    request,
    (miss) => progress.line(`  ${miss.message}`),
  );
  if (installedNow.engine) return installedNow.engine;
  const misses = [...installed.misses, ...installedNow.misses];
  throw new UserError(`Pulumi engine ${request.version} could not be installed`, [
    ...misses.map((miss) => `- ${miss.message}`),
    "To fix it, do one of these:",
    ...installedNow.misses.flatMap(({ next }) => (next ? [`- ${next}`] : [])),
    `- Install Pulumi ${request.version} or a later 3.x yourself: https://www.pulumi.com/docs/iac/download-install/`,
  ]);
}

type Source = (request: EngineRequest) => Promise<Engine>;

/** In order of preference. */
const INSTALLED: readonly Source[] = [findEngineOnPath, findEngineInHome];
const INSTALLERS: readonly [
  title: string,
  get: (request: EngineRequest, root: string, note: ProgressNote) => Promise<void>,
][] = [
  [
    "Installing the Pulumi engine with Pulumi's installer",
    ({ env }, root) => runOfficialInstaller(root, env),
  ],
  ["Building the Pulumi engine with Go (once, 2 to 5 minutes)", buildEngine],
];

const getMessage = ({ message }: Error) => message;

/** Describes the engine that this project needs, and where it is installed. */
export function createRequest({ env = process.env, signal, verify }: EngineOptions): EngineRequest {
  return { version: ENGINE_VERSION, home: resolve(findPulumiHome(env)), env, signal, verify };
}

async function tryInOrder(
  sources: readonly Source[],
  request: EngineRequest,
  onMiss = (_miss: UnavailableError) => {},
) {
  const misses: UnavailableError[] = [];
  for (const source of sources) {
    try {
      return { engine: await source(request), misses };
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      misses.push(error);
      onMiss(error);
    }
  }
  return { misses };
}

async function findEngineOnPath(request: EngineRequest): Promise<Engine> {
  const folders = (request.env.PATH ?? "").split(delimiter).filter(Boolean);
  const command = folders.map((folder) => resolve(folder, "pulumi")).find(isExecutable);
  if (!command) throw new UnavailableError("pulumi is not on PATH");
  const version = await findEngineVersion(command, request);
  if (!isCompatibleVersion(version, request.version))
    throw new UnavailableError(
      `${command} on PATH must be ${request.version} or a later 3.x; found ${version}`,
    );
  return { command, version, source: "on PATH" };
}

async function findEngineInHome(request: EngineRequest): Promise<Engine> {
  const root = join(request.home, "versions", request.version);
  const command = join(root, "bin", "pulumi");
  if (!isExecutable(command)) throw new UnavailableError(`${command} does not exist`);
  const version = await findEngineVersion(command, request);
  if (version !== request.version)
    throw new UnavailableError(`${command} must be ${request.version}; found ${version}`);
  return { command, version, source: "in the Pulumi home", root };
}

async function installEngine(request: EngineRequest, fill: (root: string) => Promise<void>): Promise<Engine> {
  const versions = join(request.home, "versions");
  try {
    await installAtomically(versions, request.version, {
      async fill(root) {
        mkdirSync(join(root, "bin"));
        await fill(root);
        await readEngineVersion(join(root, "bin", "pulumi"), request.env);
      },
      works: () =>
        findEngineInHome({ ...request, verify: true }).then(
          () => true,
          () => false,
        ),
    });
    return await findEngineInHome(request);
  } catch (error) {
    throw error instanceof UnavailableError
      ? error
      : new UnavailableError(`${versions}: ${(error as Error).message}`);
  }
}
