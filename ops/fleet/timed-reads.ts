import { listManagedIds } from "../drift/account/stack-account";
import { explainError } from "../drift/report";
import { createEngineRunner } from "../stacks/engine-runner";
import { readProjectFile, requireProjectFile } from "../stacks/settings/project-file";
import { findFolderBackend } from "../stacks/state/folder-backend";
import { exportState } from "../stacks/state/state-file";
import type { AccountMember } from "./accounts";
import type { FleetOptions } from "./selection";
import type { ProcessOptions } from "./worker-pool";
import type { WorkerTask } from "./worker-task";

/** A stack to read from in this process: no program runs, so any number can be read at once. */
export type StackLocation = Omit<WorkerTask, "task"> & Required<Pick<FleetOptions, "env">>;

/** Reads which objects of its account a stack manages, from its state. Never throws: an error is that stack's result. */
export async function readManagedInTime(
  { stack, target, projectFolder, engine, env }: StackLocation,
  { signal, timeoutMs }: Pick<ProcessOptions, "signal" | "timeoutMs">,
): Promise<AccountMember> {
  const { accountId } = target;
  const late = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([late, ...(signal ? [signal] : [])]);
  try {
    ended.throwIfAborted();
    requireProjectFile(projectFolder);
    const backend = findFolderBackend(readProjectFile(projectFolder), { ...process.env, ...env });
    const runEngine = createEngineRunner(engine, projectFolder, env, ended);
    const managedIds = listManagedIds(await exportState(runEngine, backend, stack));
    return { stack, accountId, ...(accountId !== undefined && { account: { accountId, managedIds } }) };
  } catch (error) {
    const cause = ended.aborted ? "interrupted" : explainError(error as Error).cause;
    const seconds = Math.round(timeoutMs / 1000);
    return { stack, accountId, cause: late.aborted ? `it took longer than ${seconds} seconds` : cause };
  }
}
