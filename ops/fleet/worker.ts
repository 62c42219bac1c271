import { compareStackPeople } from "../access-review/compare/compare-stack";
import { type AccountCheck, checkAccount, createFailedAccountCheck } from "../drift/account/check";
import { createUnknownDrift, explainError, type StackDrift } from "../drift/report";
import { checkStack, explainStackError, explainUnknown, type StackCheck } from "../drift/stack/check";
import type { StackPreview } from "../preview/preview";
import { deployStackOrRotate } from "../recovery/client-secrets/rotate-anyway";
import { type ExistingStackOptions, Stack } from "../stacks";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { SharedPlugins } from "./plugins/shared-plugins";
import type { WorkerAnswer, WorkerTask } from "./worker-task";

/*
 * A process that works on one stack after another: receives a task in a message and answers with the result, until its
 * parent ends it. It never works on two at once, as the SDK runs one inline program at a time.
 */

async function check({ stack: name, target, task, people, ...location }: WorkerTask, signal: AbortSignal) {
  try {
    const shared = task === "check" ? sharePlugins(location.projectFolder) : {};
    const stack = await Stack.openExisting({ name, signal, ...location, ...shared });
    if (task === "repair")
      await deployStackOrRotate(stack, { progress: new Progress({ write: () => true }) });
    return await checkStack(stack, people);
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
    const shared = sharePlugins(projectFolder);
    stack = await Stack.openExisting({ name, signal, projectFolder, engine, policyPack: true, ...shared });
    const { changes, warnings } = await stack.preview();
    const compared = people && { people: await explainUnknown(compareStackPeople(stack, people)) };
    return { stack: name, changes, warnings: warnings.map((warning) => warning.trim()), ...compared };
  } catch (error) {
    const explained = stack
      ? await explainStackError(error as Error, "preview", stack)
      : explainError(error as Error);
    return { stack: name, ...explained } satisfies StackPreview;
  }
}

async function account({ stack: name, query, ...location }: WorkerTask): Promise<AccountCheck> {
  if (!query) throw new Error("the task has no query");
  try {
    return await checkAccount(await Stack.openExisting({ name, ...location }), query);
  } catch (error) {
    return createFailedAccountCheck(query.accountId, explainError(error as Error).cause);
  }
}

let plugins: SharedPlugins | undefined;

/** Makes runs that change nothing share the plugins of this process. */
function sharePlugins(projectFolder: string): Pick<ExistingStackOptions, "attachPlugins"> {
  plugins ??= new SharedPlugins(projectFolder, process.env);
  const shared = plugins;
  return { attachPlugins: (state) => shared.attach(state) };
}

const TASKS = { check, repair: check, preview, account };

// The result already says what failed; promises that the SDK leaves rejected do not matter.
process.on("unhandledRejection", () => {});
const signal = createInterruptSignal();
let isBusy = false;
process.once("exit", () => void plugins?.close());
signal.addEventListener("abort", () => isBusy || end());
// The parent process is gone, so the engine has to end as well.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.on("message", async (task: WorkerTask) => {
  isBusy = true;
  const result: StackCheck | StackPreview | AccountCheck = await TASKS[task.task](task, signal);
  const isReusable = isSuccess(result) && !signal.aborted;
  const answer: WorkerAnswer<typeof result> = { result, isReusable };
  // Before it answers, because the next task may arrive at once.
  isBusy = !isReusable;
  process.send?.(answer, () => isReusable || end());
});

/** Ends this process after its plugins, so that none outlives the command. */
function end(): void {
  void Promise.resolve(plugins?.close()).then(() => process.exit(0));
}

/** An account is checked without a program. */
function isSuccess(result: StackCheck | StackPreview | AccountCheck): boolean {
  const { cause } = "drift" in result ? (result.drift as Partial<StackDrift>) : result;
  return cause === undefined;
}
