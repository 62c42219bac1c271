import { compareStackPeople } from "../access-review/compare/compare-stack";
import { createUnknownDrift } from "../drift/report";
import { checkStack, explainError, explainStackError, type StackCheck } from "../drift/stack/check";
import type { StackPreview } from "../preview/preview";
import { deployStackOrRotate } from "../recovery/rotate-anyway";
import { Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import type { WorkerTask } from "./process";

/*
 * The process of one stack: receives its task in a message, answers with the result, and ends. Each stack needs its own
 * process, as the SDK runs one inline program at a time and a failed program leaves rejected promises behind.
 */

async function check({ stack: name, target, task, ...location }: WorkerTask, signal: AbortSignal) {
  try {
    const stack = await Stack.openExisting({ name, signal, ...location });
    if (task === "repair")
      await deployStackOrRotate(stack, { progress: new Progress({ write: () => true }) });
    return await checkStack(stack);
  } catch (error) {
    const { cause, ...advice } = explainError(error as Error);
    const prefix = task === "repair" ? "not repaired: " : "";
    const drift = createUnknownDrift({ stack: name, ...target, cause: `${prefix}${cause}`, ...advice });
    return { drift } satisfies StackCheck;
  }
}

async function preview({ stack: name, projectFolder, engine, people }: WorkerTask, signal: AbortSignal) {
  let stack: Stack | undefined;
  try {
    stack = await Stack.openExisting({ name, signal, projectFolder, engine, policyPack: true });
    const { changes, warnings } = await stack.preview();
    const compared = people && {
      people: await compareStackPeople(stack, people === "names").catch((error: Error) => ({
        unknown: explainError(error).cause,
      })),
    };
    return { stack: name, changes, warnings: warnings.map((warning) => warning.trim()), ...compared };
  } catch (error) {
    const explained = stack
      ? await explainStackError(error as Error, "preview", stack)
      : explainError(error as Error);
    return { stack: name, ...explained } satisfies StackPreview;
  }
}

const TASKS = { check, repair: check, preview };

// The result already says what failed; promises that the SDK leaves rejected do not matter.
process.on("unhandledRejection", () => {});
const signal = createInterruptSignal();
// The parent process is gone, so the engine has to end as well.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.once("message", (task: WorkerTask) => {
  const work: Promise<StackCheck | StackPreview> = TASKS[task.task](task, signal);
  void work.then((result) => process.send?.(result, () => process.exit(0)));
});
