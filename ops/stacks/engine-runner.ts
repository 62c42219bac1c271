import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../errors";
import type { Engine } from "../tools/engine";

const execute = promisify(execFile);

/** Exit codes of the shell, which Node.js lets try what the system cannot run. */
const CANNOT_RUN: unknown[] = [126, 127];

/**
 * Runs a command of the engine and returns its output.
 *
 * @throws UserError where the engine cannot be started; otherwise what Node.js throws, with the engine's error output
 */
export type RunEngine = (...args: string[]) => Promise<string>;

/** @param signal ends the engine */
export function createEngineRunner(
  { command }: Engine,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): RunEngine {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 30, ...(signal && { signal }) };
  return async (...args) => {
    try {
      return (await execute(command, args, options)).stdout.trim();
    } catch (error) {
      const { code, syscall, message } = error as NodeJS.ErrnoException;
      if (!syscall?.startsWith("spawn") && !CANNOT_RUN.includes(code)) throw error;
      const [, reason = code] = message.trim().split("\n");
      throw new UserError(`${command} does not run: ${reason}`, [
        "Install the engine again: npx entra-access engine",
      ]);
    }
  };
}
