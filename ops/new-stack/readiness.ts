import { find } from "../adopt/find";
import { type CheckResult, judgeChecks, runCheck, type Verdict } from "../checks/check";
import { deployerClouds } from "../clients/deployer";
import { RIGHTS_CHECKS } from "../doctor/rights";
import { Surroundings } from "../doctor/surroundings";
import { Stack } from "../stacks";
import type { Site } from "./site";

export interface Readiness {
  readonly result: Verdict;
  /** What `doctor` says of the deployer's rights. */
  readonly checks: readonly CheckResult[];
  /** Names of the identity providers for the tenant that the account has already, and no stack. */
  readonly madeByHand: readonly string[];
}

/** Whether the stack can be brought up by whoever made it. Reads only. */
export async function readinessOf(site: Site, name: string): Promise<Readiness> {
  const { folder: projectFolder, engine, env, signal } = site;
  const stack = await Stack.openOwn({
    name,
    projectFolder,
    engine,
    env: env as Record<string, string>,
    ...(signal && { signal }),
  });
  const surroundings = new Surroundings({ engine, open: async () => stack });
  const [checks, madeByHand] = await Promise.all([
    Promise.all(RIGHTS_CHECKS.map((check) => runCheck(check, surroundings))),
    // Where it cannot be looked for, the checks say what is missing.
    identityProviders(stack).catch(() => []),
  ]);
  return { result: judgeChecks(checks), checks, madeByHand };
}

async function identityProviders(stack: Stack): Promise<string[]> {
  const clouds = await deployerClouds(await stack.providerSettings());
  const { candidates } = await find(clouds, clouds.tenantId);
  return candidates
    .filter(({ application }) => !application.tags?.some((tag) => tag.startsWith("entra-access:")))
    .map(({ identityProvider }) => identityProvider.name);
}
