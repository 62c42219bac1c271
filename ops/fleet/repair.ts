import { createDriftReport, type DriftReport } from "../drift/report";
import { checkFleet, type FleetDriftOptions } from "./fleet";

/** Lists the stacks that an `up` would bring in sync. Unmanaged objects cannot be repaired. */
export function listRepairableStacks({ stacks }: DriftReport): string[] {
  return stacks.filter(({ differences }) => differences.length > 0).map(({ stack }) => stack);
}

/**
 * Updates these stacks as `npx entra-access up` does, and checks them again.
 *
 * @returns the report with their new results; a stack that could not be updated is unknown
 */
export async function repairStacks(
  report: DriftReport,
  stacks: readonly string[],
  options: Omit<FleetDriftOptions, "stacks" | "shard">,
): Promise<DriftReport> {
  const after = await checkFleet({ ...options, stacks, repair: true });
  const others = report.stacks.filter(({ stack }) => !stacks.includes(stack));
  const checked = new Set(after.accounts.map(({ accountId }) => accountId));
  const accounts = report.accounts.filter(({ accountId }) => !checked.has(accountId));
  return createDriftReport([...others, ...after.stacks], [...accounts, ...after.accounts], report);
}
