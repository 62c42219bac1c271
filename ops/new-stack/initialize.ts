import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { UserError } from "../errors";
import { extractCauses } from "../stacks/run/causes";
import { type NewStackContext, throwIfInterrupted } from "./context";

/** Returns the path of Pulumi.<stack>.yaml. */
export const getConfigPath = ({ folder }: NewStackContext, stack: string) =>
  join(folder, `Pulumi.${stack}.yaml`);

/**
 * Creates Pulumi.<stack>.yaml and the stack, or neither. The file comes first because the engine adds its salt to it, so
 * that an existing stack is always complete.
 *
 * @param settings the content of the file
 */
export async function initializeStack(
  context: NewStackContext,
  stack: string,
  settings: string,
): Promise<void> {
  const file = getConfigPath(context, stack);
  throwIfInterrupted(context);
  try {
    writeFileSync(file, settings, { flag: "wx" });
  } catch (error) {
    const isExisting = (error as NodeJS.ErrnoException).code === "EEXIST";
    if (!isExisting) rmSync(file, { force: true });
    throw new UserError(
      isExisting ? `${file} already exists` : `${file} could not be written: ${(error as Error).message}`,
    );
  }
  let isCreated = false;
  try {
    const init = await runEngine(context, "stack", "init", stack, "--no-select", "--non-interactive");
    // Only a stack that this run created may be removed; after a refusal, it may be somebody else's.
    isCreated = init.code === 0 || init.code === null;
    if (init.code !== 0) throw new UserError(`stack ${stack} could not be created: ${init.cause}`);
    throwIfInterrupted(context);
  } catch (error) {
    if (isCreated) await remove(context, stack, error as Error);
    rmSync(file, { force: true });
    throw error;
  }
}

/** @param reason the error that made the creation fail */
async function remove(context: NewStackContext, stack: string, reason: Error): Promise<void> {
  const { code, cause } = await runEngine(context, "stack", "rm", stack, "--yes", "--non-interactive");
  if (code === 0 || /no stack named/.test(cause)) return;
  throw new UserError(reason.message, [
    `The stack could not be removed: ${cause}`,
    `Remove it: pulumi stack rm ${stack}`,
  ]);
}

/** Runs the engine detached, because a terminal's Ctrl-C would interrupt its work. */
async function runEngine({ engine, folder: cwd, env }: NewStackContext, ...args: string[]) {
  const child = spawn(engine.command, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return {
    code,
    cause:
      extractCauses([stderr])[0] ??
      (code === null ? "the engine was killed" : `the engine ended with ${code}`),
  };
}
