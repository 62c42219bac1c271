import { pc } from "../terminal/progress";
import type { Finding, Result, Status } from "./check";
import type { VerifyReport } from "./verify";

const MARKS: Record<Status, string> = {
  passed: pc.green("✓"),
  failed: pc.red("✗"),
  unknown: pc.yellow("?"),
  open: pc.cyan("·"),
};

/** The findings for people: one line each, and below it what there is to know where it did not pass. */
export function describeFindings(findings: readonly Finding[]): string[] {
  let last: string | undefined;
  return findings.flatMap((finding) => {
    const { status, subject, found, cause } = finding;
    const said = status === "unknown" ? `could not tell: ${cause === last ? "as above" : cause}` : found;
    const details = cause !== undefined && cause === last ? [] : detailsOf(finding);
    last = cause;
    return [`${MARKS[status]} ${subject}: ${said}`, ...details.map((line) => `    ${line}`)];
  });
}

function detailsOf({ status, wanted, looksAt, peopleSee, advice }: Finding): string[] {
  if (status === "passed") return [];
  return [
    ...(status === "failed" ? [`wanted      ${wanted}`] : []),
    `looked at   ${looksAt}`,
    ...(peopleSee ? [`people see  ${peopleSee}`] : []),
    ...(advice ? [`do          ${advice}`] : []),
  ];
}

/** How many of the checks passed, as the last word. */
export function describeResult(result: Result, findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  return (
    `${pc.bold(result)}: ${count("passed")} of ${findings.length} checks passed, ${count("failed")} failed, ` +
    `${count("unknown")} could not tell, ${count("open")} open`
  );
}

/** The report of `verify` for people. */
export function describeReport(report: VerifyReport): string[] {
  const { stack, teamName, tenantId, accountId, checks, result, byHand, identityProviders = {} } = report;
  const further = Object.entries(identityProviders);
  return [
    pc.bold(`Stack ${stack}: tenant ${tenantId}, team ${teamName}, account ${accountId}`),
    ...describeFindings(checks),
    ...further.flatMap(([name, found]) => [
      "",
      pc.bold(`${name}: tenant ${found.tenantId}`),
      ...describeFindings(found.checks),
    ]),
    "",
    describeResult(result, [...checks, ...further.flatMap(([, found]) => found.checks)]),
    "",
    "By hand:",
    ...byHand.map((line) => `  ${line}`),
  ];
}
