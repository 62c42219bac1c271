import { createFailedAccountCheck } from "../drift/account/check";
import {
  type AccountDrift,
  createDriftReport,
  createUnknownDrift,
  type DriftReport,
  type StackDrift,
} from "../drift/report";
import { type Shard, selectShard } from "../drift/shards";
import type { StackCheck } from "../drift/stack/check";
import type { PeopleDetail } from "../preview/people";
import { type AccountMember, attributeDifferences, createMember, planAccountChecks } from "./accounts";
import { runWithinLimits, type SpentRequests } from "./schedule";
import { type FleetOptions, selectFleet } from "./selection";
import { estimateAccountJob, estimateStackJob, type ListedStack } from "./stack-list";
import { readManagedInTime } from "./timed-reads";

export interface FleetDriftOptions extends FleetOptions {
  /** Ids of unmanaged objects that are no drift. */
  readonly accepted?: readonly string[];
  /** The part of the fleet to check; default: all. */
  readonly shard?: Shard;
  /** Updates the stacks before they are checked, as `npx entra-access up` does; default false. */
  readonly repair?: boolean;
  /** Says who gained and who lost access by drift; default: not. */
  readonly people?: PeopleDetail | undefined;
  /** Called when the check of a stack begins, and again with its result. */
  readonly onStack?: (stack: string, drift?: StackDrift) => void;
  /** Called likewise for each account, which is checked after its stacks. */
  readonly onAccount?: (accountId: string, drift?: AccountDrift) => void;
}

/**
 * Checks many stacks, in processes beside each other and within `FleetLimits`; a failure affects no other stack. The
 * states of neighbors are read in this process.
 *
 * @throws UserError if the stacks cannot be listed or a named one does not exist
 */
export async function checkFleet(options: FleetDriftOptions = {}): Promise<DriftReport> {
  const checkedAt = new Date().toISOString();
  const { all, chosen, location, limit, workers, limits } = await selectFleet(options);
  const { env = {}, shard, accepted = [], people } = options;
  const own = shard ? selectShard(chosen, ({ name, target }) => target.accountId ?? name, shard) : chosen;
  const neighbors = all.filter(
    (stack) => !own.includes(stack) && own.some((other) => sharesAccount(stack, other)),
  );
  const spent: SpentRequests[] = [];

  const readManaged = ({ name: stack, target }: ListedStack) =>
    readManagedInTime({ stack, target, ...location, env }, limit);
  const check = async (listed: ListedStack): Promise<StackCheck> => {
    const { name: stack, target, lock } = listed;
    if (lock) {
      const { account } = await readManaged(listed);
      return { drift: createLockedDrift(listed, lock), ...(account && { account }) };
    }
    const task = options.repair ? "repair" : "check";
    const createFailure = (cause: string): StackCheck => ({
      drift: createUnknownDrift({ stack, ...target, cause }),
    });
    return workers.run({ task, stack, target, ...location, ...(people && { people }) }, createFailure);
  };
  const stackJobs = own.map((listed) => ({
    ...estimateStackJob(listed, options.repair ? "repair" : "check"),
    run: async () => {
      options.onStack?.(listed.name);
      const result = await check(listed);
      options.onStack?.(listed.name, result.drift);
      return result;
    },
  }));
  const neighborJobs = neighbors.map((listed) => ({
    ...estimateStackJob(listed, "read"),
    run: () => readManaged(listed),
  }));
  const results = await runWithinLimits<StackCheck | AccountMember>(
    [...stackJobs, ...neighborJobs],
    limits,
    undefined,
    spent,
  );
  const checks = results.slice(0, own.length) as StackCheck[];
  const members = [...checks.map(createMember), ...(results.slice(own.length) as AccountMember[])];

  // Accounts are checked once, after all of their stacks: only then is it known which objects are managed.
  const accountJobs = planAccountChecks(members, accepted).map(({ stack, query }) => ({
    ...estimateAccountJob(all, stack, query.accountId),
    run: async () => {
      const { target } = all.find(({ name }) => name === stack) as ListedStack;
      options.onAccount?.(query.accountId);
      const createFailure = (cause: string) => createFailedAccountCheck(query.accountId, cause);
      const task = { task: "account", stack, target, query, ...location } as const;
      const result = await workers.run(task, createFailure);
      options.onAccount?.(query.accountId, result.drift);
      return result;
    },
  }));
  const accounts = await runWithinLimits(accountJobs, limits, undefined, spent);
  await workers.close();
  const entries = Object.assign({}, ...accounts.map((account) => account.entries));
  return createDriftReport(
    checks.map((result) => attributeDifferences(result, entries)),
    accounts.map(({ drift }) => drift),
    { checkedAt, shard: shard && `${shard.index}/${shard.of}` },
  );
}

const sharesAccount = (one: ListedStack, other: ListedStack) =>
  one.target.accountId !== undefined && one.target.accountId === other.target.accountId;

function createLockedDrift({ name: stack, target }: ListedStack, holder: string): StackDrift {
  return createUnknownDrift({
    stack,
    ...target,
    cause: `the stack is locked by ${holder}`,
    advice:
      "Wait until that update has finished. If its process died, npx entra-access up or pulumi cancel removes the stale lock.",
  });
}
