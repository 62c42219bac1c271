import { listManagedIds } from "../drift/account/stack-account";
import { createUnknownDrift } from "../drift/report";
import { explainError, type StackCheck } from "../drift/stack/check";
import { createEngineRunner } from "../stacks/engine-runner";
import { readProjectFile, requireProjectFile } from "../stacks/settings/project-file";
import { findFolderBackend } from "../stacks/state/folder-backend";
import { exportState } from "../stacks/state/state-file";
import type { FleetOptions } from "./selection";
import type { ProcessOptions } from "./worker-pool";
import type { WorkerTask } from "./worker-task";

/** A stack to read from in this process: no program runs, so any number can be read at once. */
export type StackLocation = Omit<WorkerTask, "task"> & Required<Pick<FleetOptions, "env">>;

/** Reads which objects of its account a stack manages, from its state. Never throws: an error is that stack's result. */
export async function readManagedInTime(
  { stack, target, projectFolder, engine, env }: StackLocation,
  { signal, timeoutMs }: Pick<ProcessOptions, "signal" | "timeoutMs">,
): Promise<StackCheck> {
  const createCheck = (cause: string): StackCheck => ({
    drift: createUnknownDrift({ stack, ...target, cause }),
  });
  const late = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([late, ...(signal ? [signal] : [])]);
  try {
    ended.throwIfAborted();
    requireProjectFile(projectFolder);
    const backend = findFolderBackend(readProjectFile(projectFolder), { ...process.env, ...env });
    const runEngine = createEngineRunner(engine, projectFolder, env, ended);
    const managedIds = listManagedIds(await exportState(runEngine, backend, stack));
    // Only the account is used: the drift of a stack that is not chosen is not reported.
    return { ...createCheck("not checked"), account: { accountId: target.accountId ?? "", managedIds } };
  } catch (error) {
    if (late.aborted) return createCheck(`it took longer than ${Math.round(timeoutMs / 1000)} seconds`);
    return createCheck(ended.aborted ? "interrupted" : explainError(error as Error).cause);
  }
}
