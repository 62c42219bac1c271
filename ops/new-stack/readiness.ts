import { MARK_PREFIX } from "../../config/mark";
import { findCandidates } from "../adopt/candidates";
import { type CheckResult, judgeChecks, runCheck, type Verdict } from "../checks/check";
import { connectClouds } from "../clients/deployer";
import { DoctorContext } from "../doctor/context";
import { PERMISSION_CHECKS } from "../doctor/permissions";
import { Stack } from "../stacks";
import type { NewStackContext } from "./context";

export interface StackReadiness {
  readonly result: Verdict;
  /** The results of doctor's permission checks. */
  readonly checks: readonly CheckResult[];
  /** Names of the account's unmanaged identity providers for the tenant. */
  readonly madeByHand: readonly string[];
}

/** Checks whether the new stack can be deployed with the permissions at hand. Read-only. */
export async function checkReadiness(context: NewStackContext, name: string): Promise<StackReadiness> {
  const { folder: projectFolder, engine, env, signal } = context;
  const stack = await Stack.openExisting({
    name,
    projectFolder,
    engine,
    env: env as Record<string, string>,
    ...(signal && { signal }),
  });
  const doctorContext = new DoctorContext({ engine, open: async () => stack });
  const [checks, madeByHand] = await Promise.all([
    Promise.all(PERMISSION_CHECKS.map((check) => runCheck(check, doctorContext))),
    // The checks already report why a cloud cannot be read.
    listUnmanagedProviders(stack).catch(() => []),
  ]);
  return { result: judgeChecks(checks), checks, madeByHand };
}

async function listUnmanagedProviders(stack: Stack): Promise<string[]> {
  const clouds = await connectClouds(await stack.providerSettings());
  const { candidates } = await findCandidates(clouds, clouds.tenantId);
  return candidates
    .filter(({ application }) => !application.tags?.some((tag) => tag.startsWith(MARK_PREFIX)))
    .map(({ identityProvider }) => identityProvider.name);
}
