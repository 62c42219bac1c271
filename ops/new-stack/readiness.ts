import { findCandidates } from "../adopt/candidates";
import { carryOut, type Finding, type Result, resultOf } from "../checks/check";
import { connectClouds } from "../clients/deployer";
import { DoctorContext } from "../doctor/context";
import { PERMISSION_CHECKS } from "../doctor/permissions";
import { Stack } from "../stacks";
import type { NewStackContext } from "./context";

export interface StackReadiness {
  readonly result: Result;
  /** What `doctor` says of the deployer's rights. */
  readonly checks: readonly Finding[];
  /** Names of the identity providers for the tenant that the account has already, and no stack. */
  readonly madeByHand: readonly string[];
}

/** Whether the stack can be brought up by whoever made it. Reads only. */
export async function checkReadiness(site: NewStackContext, name: string): Promise<StackReadiness> {
  const { folder: projectFolder, engine, env, signal } = site;
  const stack = await Stack.openOwn({
    name,
    projectFolder,
    engine,
    env: env as Record<string, string>,
    ...(signal && { signal }),
  });
  const surroundings = new DoctorContext({ engine, open: async () => stack });
  const [checks, madeByHand] = await Promise.all([
    Promise.all(PERMISSION_CHECKS.map((check) => carryOut(check, surroundings))),
    // Where it cannot be looked for, the checks say what is missing.
    identityProviders(stack).catch(() => []),
  ]);
  return { result: resultOf(checks), checks, madeByHand };
}

async function identityProviders(stack: Stack): Promise<string[]> {
  const clouds = await connectClouds(await stack.providerSettings());
  const { candidates } = await findCandidates(clouds, clouds.tenantId);
  return candidates
    .filter(({ application }) => !application.tags?.some((tag) => tag.startsWith("entra-access:")))
    .map(({ identityProvider }) => identityProvider.name);
}
