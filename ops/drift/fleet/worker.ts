import { previewOf, type StackPreview } from "../../preview/preview";
import { deployStack } from "../../recovery/deploy";
import { Stack } from "../../stacks";
import { createInterruptSignal } from "../../terminal/interrupt";
import { Progress } from "../../terminal/progress";
import { could, type Look, lookAt, reasonOf } from "../stack/look";
import type { Assignment } from "./process";

/**
 * The process of one stack: told by a message what to do, answers with one, and ends. A program that fails leaves
 * rejected promises behind, and the SDK runs one inline program at a time.
 */
async function look({ stack: name, target, task, ...where }: Assignment, signal: AbortSignal): Promise<Look> {
  const blank = { stack: name, ...target, differences: [], unowned: [], gaps: [] };
  try {
    const stack = await Stack.openExisting({ name, signal, ...where });
    if (task === "repair") await deployStack(stack, { progress: new Progress({ write: () => true }) });
    return await lookAt(stack);
  } catch (error) {
    const { cause, ...advice } = reasonOf(error as Error);
    return {
      drift: could({ ...blank, cause: task === "repair" ? `not repaired: ${cause}` : cause, ...advice }),
    };
  }
}

async function preview({ stack: name, projectFolder, engine }: Assignment, signal: AbortSignal) {
  try {
    return await previewOf(await Stack.openExisting({ name, signal, projectFolder, engine }));
  } catch (error) {
    return { stack: name, ...reasonOf(error as Error) } satisfies StackPreview;
  }
}

const TASKS = { look, repair: look, preview };

// The parent knows what became of it; what the SDK leaves rejected is no news.
process.on("unhandledRejection", () => {});
const signal = createInterruptSignal();
// Nobody is left to tell: the engine has to end as well.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.once("message", (assignment: Assignment) => {
  const work = TASKS[assignment.task](assignment, signal);
  void work.then((result) => process.send?.(result, () => process.exit(0)));
});
