import {
  type AccountCheck,
  type AccountQuery,
  checkAccount,
  createFailedAccountCheck,
} from "../drift/account/check";
import { listManagedIds } from "../drift/account/stack-account";
import { createUnknownDrift } from "../drift/report";
import { explainError, type StackCheck } from "../drift/stack/check";
import { Stack } from "../stacks";
import type { FleetOptions } from "./selection";
import type { ProcessOptions } from "./worker-pool";
import type { WorkerTask } from "./worker-task";

/** A stack to read from in this process: no program runs, so any number can be read at once. */
export type StackLocation = Omit<WorkerTask, "task"> & Required<Pick<FleetOptions, "env">>;

type TimeLimit = Pick<ProcessOptions, "signal" | "timeoutMs">;

/** Reads which objects of its account a stack manages, from its state. Never throws: an error is that stack's result. */
export async function readManagedInTime(
  { stack: name, target, ...location }: StackLocation,
  limit: TimeLimit,
): Promise<StackCheck> {
  const createCheck = (cause: string): StackCheck => ({
    drift: createUnknownDrift({ stack: name, ...target, cause }),
  });
  return runInTime(limit, createCheck, async () => {
    const stack = await Stack.openExisting({ name, ...location });
    const managedIds = listManagedIds(await stack.exportOnce());
    // Only the account is used: the drift of a stack that is not chosen is not reported.
    return { ...createCheck("not checked"), account: { accountId: target.accountId ?? "", managedIds } };
  });
}

/** Checks an account, signed in as a stack. Never throws. */
export async function checkAccountInTime(
  { stack: name, target: _target, ...location }: StackLocation,
  query: AccountQuery,
  limit: TimeLimit,
): Promise<AccountCheck> {
  const createFailure = (cause: string) => createFailedAccountCheck(query.accountId, cause);
  return runInTime(limit, createFailure, async () =>
    checkAccount(await Stack.openExisting({ name, ...location }), query),
  );
}

async function runInTime<T>(
  { signal, timeoutMs }: TimeLimit,
  createFailure: (cause: string) => T,
  read: () => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([late, ...(signal ? [signal] : [])]);
  const explain = () =>
    late.aborted ? `it took longer than ${Math.round(timeoutMs / 1000)} seconds` : "interrupted";
  if (ended.aborted) return createFailure(explain());
  return Promise.race([
    read().catch((error: Error) => createFailure(explainError(error).cause)),
    new Promise<T>((resolve) => {
      ended.addEventListener("abort", () => resolve(createFailure(explain())), { once: true });
    }),
  ]);
}
