import { pc } from "../terminal/progress";
import type { CheckResult, CheckStatus, Verdict } from "./check";
import type { VerifyReport } from "./verify";

const MARKS: Record<CheckStatus, string> = {
  passed: pc.green("✓"),
  failed: pc.red("✗"),
  unknown: pc.yellow("?"),
  open: pc.cyan("·"),
};

/** Formats the results for a terminal: one line each, followed by details unless the check passed. */
export function describeCheckResults(results: readonly CheckResult[]): string[] {
  /** Subjects by the cause that they were the first to have. */
  const firsts = new Map<string, string>();
  let last: string | undefined;
  return results.flatMap((result) => {
    const { status, subject, actual, cause } = result;
    const first = cause === undefined ? undefined : firsts.get(cause);
    const reason = first === undefined ? cause : `same cause as ${cause === last ? "above" : first}`;
    const text = cause === undefined ? actual : `could not be checked: ${reason}`;
    const details = first === undefined ? describeDetails(result) : [];
    last = cause ?? (status === "failed" ? actual : undefined);
    if (last !== undefined && !firsts.has(last)) firsts.set(last, subject);
    return [`${MARKS[status]} ${subject}: ${text}`, ...details.map((line) => `    ${line}`)];
  });
}

function describeDetails({ status, expected, source, symptom, advice }: CheckResult): string[] {
  if (status === "passed") return [];
  return [
    ...(status === "failed" ? [`expected  ${expected}`] : []),
    `source    ${source}`,
    ...(symptom ? [`symptom   ${symptom}`] : []),
    ...(advice ? [`advice    ${advice}`] : []),
  ];
}

/** Formats the verdict with the number of checks per status. */
export function describeVerdict(verdict: Verdict, results: readonly CheckResult[]): string {
  const count = (status: CheckStatus) => results.filter((result) => result.status === status).length;
  return (
    `${pc.bold(verdict)}: ${count("passed")} of ${results.length} checks passed, ${count("failed")} failed, ` +
    `${count("unknown")} could not be checked, ${count("open")} open`
  );
}

export function describeVerifyReport(report: VerifyReport): string[] {
  const { stack, teamName, tenantId, accountId, checks, identityProviders = {} } = report;
  const further = Object.entries(identityProviders);
  return [
    pc.bold(`Stack ${stack}: tenant ${tenantId}, team ${teamName}, account ${accountId}`),
    ...describeCheckResults(checks),
    ...further.flatMap(([name, tenant]) => [
      "",
      pc.bold(`${name}: tenant ${tenant.tenantId}`),
      ...describeCheckResults(tenant.checks),
    ]),
    "",
    describeVerdict(report.result, [...checks, ...further.flatMap(([, tenant]) => tenant.checks)]),
    "",
    "To check by hand:",
    ...report.manualSteps.map((line) => `  ${line}`),
  ];
}
