import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../../ops/errors";
import { Progress, type ProgressNote } from "../../ops/terminal/progress";
import { findOnPath } from "../../ops/tools/path";

export interface AptOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly progress?: Progress;
  /** Stops an installation, which then fails. */
  readonly signal?: AbortSignal;
}

/**
 * Installs a package of Debian or its derivatives, as root.
 *
 * @param title name for people: "Chromium"
 * @throws UserError with the reason and apt-get's errors
 */
export async function aptInstall(name: string, title: string, options: AptOptions = {}): Promise<void> {
  const { env = process.env, progress = new Progress(), signal } = options;
  if (!findOnPath("apt-get", env)) throw new UserError("apt-get is not on PATH");
  const command = `apt-get install ${name}`;
  if (process.getuid?.() !== 0) throw new UserError(`root permissions are required: sudo ${command}`);
  await progress
    .step(`Installing ${title} with ${command} (once, about a minute)`, (note) =>
      install(name, env, note, signal),
    )
    .catch((error: Error & { stderr?: string }) => {
      const reported = error.stderr?.split("\n").filter((line) => line.startsWith("E: ")) ?? [];
      throw new UserError(`${command} failed`, reported.length > 0 ? reported : [error.message.trim()]);
    });
}

/** Updates the package lists only where the installation fails without: in a fresh container, or with old lists. */
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
