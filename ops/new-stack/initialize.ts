import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { UserError } from "../errors";
import { extractCauses } from "../stacks/causes";
import { type NewStackContext, throwIfInterrupted } from "./context";

/** Path of the settings file of a stack. */
export const getConfigPath = ({ folder }: NewStackContext, stack: string) =>
  join(folder, `Pulumi.${stack}.yaml`);

/**
 * Makes the settings file and the stack, or neither. The file comes first, and the engine adds its salt to it: a stack
 * that is there is complete.
 *
 * @param settings what is in the file
 */
export async function initializeStack(site: NewStackContext, stack: string, settings: string): Promise<void> {
  const file = getConfigPath(site, stack);
  throwIfInterrupted(site);
  try {
    writeFileSync(file, settings, { flag: "wx" });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    if (!isThere) rmSync(file, { force: true });
    throw new UserError(
      isThere
        ? `there is a ${file} already`
        : `the settings could not be written: ${(error as Error).message}`,
    );
  }
  let isMade = false;
  try {
    const init = await run(site, "stack", "init", stack, "--no-select", "--non-interactive");
    // Only what this run made is ever removed: one that refuses to make it may have found somebody else's.
    isMade = init.code === 0 || init.code === null;
    if (init.code !== 0) throw new UserError(`stack ${stack} could not be made: ${init.cause}`);
    throwIfInterrupted(site);
  } catch (error) {
    if (isMade) await remove(site, stack, error as Error);
    rmSync(file, { force: true });
    throw error;
  }
}

/** @param because why it is not wanted any more */
async function remove(site: NewStackContext, stack: string, because: Error): Promise<void> {
  const { code, cause } = await run(site, "stack", "rm", stack, "--yes", "--non-interactive");
  if (code === 0 || /no stack named/.test(cause)) return;
  throw new UserError(because.message, [
    `It could not be removed again: ${cause}`,
    `pulumi stack rm ${stack}`,
  ]);
}

/** Runs the engine out of reach of a terminal's Ctrl-C, which would leave its work half done. */
async function run({ engine, folder: cwd, env }: NewStackContext, ...args: string[]) {
  const child = spawn(engine.command, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [said, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return {
    code,
    cause:
      extractCauses([said])[0] ?? (code === null ? "the engine was killed" : `the engine ended with ${code}`),
  };
}
