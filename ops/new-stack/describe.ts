import { describeCheckResults } from "../checks/describe";
import { pc } from "../terminal/progress";
import type { NewStackPlan, NewStackReport } from "./new-stack";
import { formatConfigFile } from "./settings";

/** Describes the planned stack for the confirmation. */
export function describeAnswers({ context, answers, settings }: NewStackPlan): string[] {
  return [
    `Stack ${pc.bold(answers.stack)} of project ${context.project}, with its state at ${context.backend}`,
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
    `${pc.green("✓")} created stack ${stack}; commit ${settingsFile}`,
    ...describeCheckResults(checks),
    ...madeByHand.map(
      (name) => `${pc.cyan("·")} identity provider "${name}" of this tenant was made by hand`,
    ),
    "",
    `${pc.bold(result)}. Next:`,
    ...next.map((command) => `  ${command}`),
  ];
}
