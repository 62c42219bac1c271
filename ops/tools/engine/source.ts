import { execFile } from "node:child_process";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { satisfies } from "semver";

export interface Engine {
  readonly command: string;
  /** For example `"3.232.0"`. */
  readonly version: string;
  /** Its origin, for people: `"on PATH"`. */
  readonly source: string;
  /** The folder whose `bin` holds it; absent for the one on PATH. */
  readonly root?: string;
}

export interface EngineRequest {
  /** The version to install; a later installed one of the same major version is accepted too. */
  readonly version: string;
  /** The Pulumi home: `PULUMI_HOME`, or `~/.pulumi`. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Runs an engine that is found even if the name of its folder says its version. Default: false. */
  readonly verify?: boolean | undefined;
}

/** Thrown by a source that cannot provide the program; `next` tells how to change that. */
export class UnavailableError extends Error {
  constructor(
    message: string,
    readonly next?: string,
  ) {
    super(message);
  }
}

export const execFileAsync = promisify(execFile);

/**
 * Finds out an engine's version: from its folder, if it is one in which Pulumi's SDK and this project install engines, or
 * else by running it.
 *
 * @throws UnavailableError
 */
export async function findEngineVersion(
  command: string,
  { version, env, verify }: EngineRequest,
): Promise<string> {
  if (!verify && command.endsWith(join(sep, "versions", version, "bin", "pulumi"))) return version;
  return readEngineVersion(command, env);
}

/** Runs the engine to read its version, because a broken copy has the right name too. @throws UnavailableError */
export async function readEngineVersion(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const result = await execFileAsync(command, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  }).catch((error: Error) => {
    throw new UnavailableError(`${command} does not run: ${error.message.split("\n")[0]}`);
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)/.exec(result.stdout.trim())?.[1];
  if (!version)
    throw new UnavailableError(
      `${command} must be Pulumi; its version is ${JSON.stringify(result.stdout.trim())}`,
    );
  return version;
}

/** Returns whether the SDK accepts the engine: it must be of the same major version and not older. */
export function isCompatibleVersion(actual: string, required: string): boolean {
  return satisfies(actual, `^${required}`, { includePrerelease: true });
}
