import { describeCheckResults } from "../checks/describe";
import { pc } from "../terminal/progress";
import type { NewStackReport, Plan } from "./new-stack";
import { textOf } from "./settings";

/** What is to be made, before anybody agrees to it. */
export function describePlan({ site, answers, settings }: Plan): string[] {
  return [
    `Stack ${pc.bold(answers.stack)} of project ${site.project}, its state at ${site.backend}`,
    `Pulumi.${answers.stack}.yaml`,
    ...textOf(settings)
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

export function describeNewStack(report: NewStackReport): string[] {
  const { stack, settingsFile, result, checks, madeByHand, next } = report;
  return [
    `${pc.green("✓")} stack ${stack}; commit ${settingsFile}`,
    ...describeCheckResults(checks),
    ...madeByHand.map(
      (name) => `${pc.cyan("·")} made by hand, and for this tenant: identity provider "${name}"`,
    ),
    "",
    `${pc.bold(result)}; next:`,
    ...next.map((command) => `  ${command}`),
  ];
}
