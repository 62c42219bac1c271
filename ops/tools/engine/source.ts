import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Engine {
  /** Absolute path of the program. */
  readonly command: string;
  /** For example `"3.232.0"`. */
  readonly version: string;
  /** Where it comes from, for people: `"on PATH"`. */
  readonly source: string;
  /** The folder whose `bin` holds it; absent for the one on PATH. */
  readonly root?: string;
}

/** What every source of an engine is told. */
export interface EngineRequest {
  /** The version we install; a later one of the same major that is already there will do. */
  readonly version: string;
  /** The Pulumi home: `PULUMI_HOME`, or `~/.pulumi`. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Stops a build. */
  readonly signal?: AbortSignal | undefined;
}

/** Why a source has no engine (`message`), and what would change that. */
export class UnavailableError extends Error {
  constructor(
    message: string,
    readonly next?: string,
  ) {
    super(message);
  }
}

export const execFileAsync = promisify(execFile);

/** Asks the program itself, because a broken copy has the right name too. Throws {@link UnavailableError}. */
export async function readEngineVersion(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const answer = await execFileAsync(command, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  }).catch((error: Error) => {
    throw new UnavailableError(`${command} does not run: ${error.message.split("\n")[0]}`);
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)/.exec(answer.stdout.trim())?.[1];
  if (!version)
    throw new UnavailableError(`${command} is not Pulumi: it says ${JSON.stringify(answer.stdout.trim())}`);
  return version;
}

/** The SDK refuses an engine that is older than itself or of another major. */
export function isCompatibleVersion(found: string, wanted: string): boolean {
  const [a, b] = [parseVersion(found), parseVersion(wanted)];
  return a[0] === b[0] && isAtLeast(a, b);
}

/** Compares dotted versions number by number: `"1.26.8"` is at least `"1.25.8"`. */
export function isAtLeast(found: readonly number[], wanted: readonly number[]): boolean {
  const differs = wanted.findIndex((part, i) => part !== (found[i] ?? 0));
  return differs < 0 || (found[differs] ?? 0) > (wanted[differs] ?? 0);
}

/** `"go1.26.8"` is `[1, 26, 8]`; what follows a dash does not count. */
export function parseVersion(version: string): number[] {
  return (version.split(/[-+]/)[0] ?? "").match(/\d+/g)?.map(Number) ?? [];
}
