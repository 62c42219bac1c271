import { type DriftReport, reportOf, type StackDrift } from "../../../ops/drift/report";
import { GitHub } from "../../../ops/github/api";
import { StandInGitHub } from "../../support/github";

export const BOT = "github-actions[bot]";

const blank = { differences: [], unowned: [], gaps: [] };

/** A report of these stacks, which drifted where nothing else is said. */
export function reportWith(...stacks: Partial<StackDrift>[]): DriftReport {
  const all = stacks.map((one): StackDrift => ({ ...blank, stack: "payments", result: "drift", ...one }));
  return reportOf(all, [], { checkedAt: "2026-11-26T00:00:00Z" });
}

export const drifted = reportWith({ cause: "first" });
export const declared = reportWith({ result: "as declared" });

/** GitHub, somebody who asks it, and the milliseconds that they waited. */
export async function startLab() {
  const standIn = await StandInGitHub.start();
  const waited: number[] = [];
  const as = (env: Record<string, string> = {}) =>
    new GitHub({ ...standIn.env, ...env }, async (time) => void waited.push(time));
  return { standIn, waited, as, github: as() };
}
