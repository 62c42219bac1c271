import { previewOf, type StackPreview } from "../../preview/preview";
import { bringUp } from "../../recovery/bring-up";
import { Stack } from "../../stacks";
import { interruption } from "../../terminal/interrupt";
import { Progress } from "../../terminal/progress";
import { type AccountLook, lookAtAccount, unseen } from "../account/look";
import { ownedIn } from "../account/sight";
import { could, type Look, lookAt, reasonOf } from "../stack/look";
import type { Assignment } from "./process";

/**
 * The process of one stack: told by a message what to do, answers with one, and ends. A program that fails leaves
 * rejected promises behind, and the SDK runs one inline program at a time.
 */
async function look({ stack: name, target, task, ...where }: Assignment, signal: AbortSignal): Promise<Look> {
  const blank = { stack: name, ...target, differences: [], unowned: [], gaps: [] };
  try {
    const stack = await Stack.openOwn({ name, signal, ...where });
    if (task === "repair") await bringUp(stack, { progress: new Progress({ write: () => true }) });
    if (task !== "owned") return await lookAt(stack);
    const account = { accountId: target.accountId ?? "", owned: ownedIn(await stack.export()) };
    return { drift: { ...blank, result: "as declared" }, account };
  } catch (error) {
    const { cause, ...advice } = reasonOf(error as Error);
    return {
      drift: could({ ...blank, cause: task === "repair" ? `not repaired: ${cause}` : cause, ...advice }),
    };
  }
}

async function preview({ stack: name, projectFolder, engine }: Assignment, signal: AbortSignal) {
  try {
    return await previewOf(await Stack.openOwn({ name, signal, projectFolder, engine }));
  } catch (error) {
    return { stack: name, ...reasonOf(error as Error) } satisfies StackPreview;
  }
}

async function account(assignment: Assignment, signal: AbortSignal): Promise<AccountLook> {
  const { stack: name, projectFolder, engine, question } = assignment;
  try {
    if (!question) throw new Error("nothing was asked");
    return await lookAtAccount(await Stack.openOwn({ name, signal, projectFolder, engine }), question);
  } catch (error) {
    return unseen(reasonOf(error as Error).cause);
  }
}

const TASKS = { look, repair: look, owned: look, preview, account };

// The parent knows what became of it; what the SDK leaves rejected is no news.
process.on("unhandledRejection", () => {});
const signal = interruption();
// Nobody is left to tell: the engine has to end as well.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.once("message", (assignment: Assignment) => {
  const work = TASKS[assignment.task](assignment, signal);
  void work.then((result) => process.send?.(result, () => process.exit(0)));
});
