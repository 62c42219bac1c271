import { describeFindings } from "../checks/describe";
import { pc } from "../terminal/progress";
import type { NewStackPlan, NewStackReport } from "./new-stack";
import { formatConfigFile } from "./settings";

/** What is to be made, before anybody agrees to it. */
export function describePlan({ site, answers, settings }: NewStackPlan): string[] {
  return [
    `Stack ${pc.bold(answers.stack)} of project ${site.project}, its state at ${site.backend}`,
    `Pulumi.${answers.stack}.yaml`,
    ...formatConfigFile(settings)
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

export function describeNewStack(report: NewStackReport): string[] {
  const { stack, settingsFile, result, checks, madeByHand, next } = report;
  return [
    `${pc.green("✓")} stack ${stack}; commit ${settingsFile}`,
    ...describeFindings(checks),
    ...madeByHand.map(
      (name) => `${pc.cyan("·")} made by hand, and for this tenant: identity provider "${name}"`,
    ),
    "",
    `${pc.bold(result)}; next:`,
    ...next.map((command) => `  ${command}`),
  ];
}
