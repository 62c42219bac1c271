import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../errors";
import { Progress, type ProgressNote } from "../terminal/progress";
import { findOnPath } from "./path";

export interface AptOptions {
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** Stops an installation, which then fails. */
  readonly signal?: AbortSignal;
}

/**
 * Installs a package of Debian or its kin, as root.
 *
 * @param what it is called by people: "Chromium"
 * @throws UserError saying why not, and apt-get's own words
 */
export async function aptInstall(name: string, what: string, options: AptOptions = {}): Promise<void> {
  const { env = process.env, progress = new Progress(), signal } = options;
  if (!findOnPath("apt-get", env)) throw new UserError("apt-get, which would install it, is not on PATH");
  const command = `apt-get install ${name}`;
  if (process.getuid?.() !== 0) throw new UserError(`only root may install it: sudo ${command}`);
  await progress
    .step(`Installing ${what} (${command}), about a minute, once`, (note) => install(name, env, note, signal))
    .catch((error: Error & { stderr?: string }) => {
      const said = error.stderr?.split("\n").filter((line) => line.startsWith("E: ")) ?? [];
      throw new UserError(`${command} failed`, said.length > 0 ? said : [error.message.trim()]);
    });
}

/** Package lists are fetched only where those that are there will not do: none in a fresh container, or old ones. */
async function install(
  name: string,
  env: NodeJS.ProcessEnv,
  note: ProgressNote,
  signal: AbortSignal | undefined,
): Promise<void> {
  const aptGet = (...args: string[]) =>
    promisify(execFile)("apt-get", args, {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
      maxBuffer: 2 ** 26,
      ...(signal ? { signal } : {}),
    });
  const installing = () => aptGet("install", "--yes", name);
  await installing().catch(async (error: Error) => {
    if (signal?.aborted) throw error;
    note("apt-get update");
    await aptGet("update");
    note(`apt-get install ${name}`);
    await installing();
  });
}
