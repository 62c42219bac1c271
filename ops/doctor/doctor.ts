import { type Check, type CheckResult, judgeChecks, runCheck, type Verdict } from "../checks/check";
import { MACHINE_CHECKS } from "./machine";
import { RIGHTS_CHECKS } from "./rights";
import { Surroundings, type SurroundingsOptions } from "./surroundings";

/** Everything that `doctor` looks at, in the order in which it is needed. */
export const DOCTOR_CHECKS: readonly Check<Surroundings>[] = [...MACHINE_CHECKS, ...RIGHTS_CHECKS];

/** What `doctor --json` prints; docs/operations.md has every field. */
export interface DoctorReport {
  readonly schema: "entra-access/doctor/1";
  /** RFC 3339. */
  readonly checkedAt: string;
  readonly result: Verdict;
  readonly checks: readonly CheckResult[];
}

/** Whether everything is there for `pulumi up`: carries out every check, whatever the others find. Changes nothing. */
export async function doctor(options: SurroundingsOptions = {}): Promise<DoctorReport> {
  const surroundings = new Surroundings(options);
  const checks = await Promise.all(DOCTOR_CHECKS.map((check) => runCheck(check, surroundings)));
  return {
    schema: "entra-access/doctor/1",
    checkedAt: new Date().toISOString(),
    result: judgeChecks(checks),
    checks,
  };
}
