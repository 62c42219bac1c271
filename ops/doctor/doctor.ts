import { type Check, carryOut, type Finding, type Result, resultOf } from "../checks/check";
import { DoctorContext, type DoctorOptions } from "./context";
import { MACHINE_CHECKS } from "./machine";
import { PERMISSION_CHECKS } from "./permissions";

/** Everything that `doctor` looks at, in the order in which it is needed. */
export const DOCTOR_CHECKS: readonly Check<DoctorContext>[] = [...MACHINE_CHECKS, ...PERMISSION_CHECKS];

/** What `doctor --json` prints; docs/operations.md has every field. */
export interface DoctorReport {
  readonly schema: "entra-access/doctor/1";
  /** RFC 3339. */
  readonly checkedAt: string;
  readonly result: Result;
  readonly checks: readonly Finding[];
}

/** Whether everything is there for `pulumi up`: carries out every check, whatever the others find. Changes nothing. */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  const surroundings = new DoctorContext(options);
  const checks = await Promise.all(DOCTOR_CHECKS.map((check) => carryOut(check, surroundings)));
  return {
    schema: "entra-access/doctor/1",
    checkedAt: new Date().toISOString(),
    result: resultOf(checks),
    checks,
  };
}
