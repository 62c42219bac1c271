import { type DriftReport, reportOf } from "../report";
import { driftOf, type FleetOptions } from "./fleet";

/** The stacks that `up` would bring back to what they declare. What no state knows of it leaves alone. */
export function repairable({ stacks }: DriftReport): string[] {
  return stacks.filter(({ differences }) => differences.length > 0).map(({ stack }) => stack);
}

/**
 * Brings these stacks up as `npx entra-access up` does, and looks at them again.
 *
 * @returns the report, with what is found of them now; one that could not be brought up says why
 */
export async function repair(
  report: DriftReport,
  stacks: readonly string[],
  options: Omit<FleetOptions, "stacks" | "shard">,
): Promise<DriftReport> {
  const after = await driftOf({ ...options, stacks, repair: true });
  const left = report.stacks.filter(({ stack }) => !stacks.includes(stack));
  const seen = new Set(after.accounts.map(({ accountId }) => accountId));
  const accounts = [...report.accounts.filter(({ accountId }) => !seen.has(accountId)), ...after.accounts];
  return reportOf([...left, ...after.stacks], accounts, report);
}
