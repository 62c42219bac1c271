import { type Check, type CheckResult, judgeChecks, runCheck, type Verdict } from "../checks/check";
import { ACCESS_REVIEW_CHECK } from "./access-review";
import { DoctorContext, type DoctorOptions } from "./context";
import { MACHINE_CHECKS } from "./machine";
import { PERMISSION_CHECKS } from "./permissions";

/** All checks of `doctor`, in the order in which `up` needs them. */
export const DOCTOR_CHECKS: readonly Check<DoctorContext>[] = [
  ...MACHINE_CHECKS,
  ...PERMISSION_CHECKS,
  ACCESS_REVIEW_CHECK,
];

/** The JSON report of `doctor`; every field is documented in docs/commands/doctor.md. */
export interface DoctorReport {
  readonly schema: "entra-access/doctor/1";
  /** RFC 3339. */
  readonly checkedAt: string;
  readonly result: Verdict;
  readonly checks: readonly CheckResult[];
}

/** Checks the requirements of `pulumi up`, each of them whatever the others find. Changes nothing. */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  const context = new DoctorContext(options);
  const checks = await Promise.all(DOCTOR_CHECKS.map((check) => runCheck(check, context)));
  return {
    schema: "entra-access/doctor/1",
    checkedAt: new Date().toISOString(),
    result: judgeChecks(checks),
    checks,
  };
}
