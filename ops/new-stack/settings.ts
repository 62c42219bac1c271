import { signInFields } from "../../config/sign-in";
import { UserError } from "../errors";
import type { StackConfig } from "../stacks";
import type { Answers } from "./questions";
import type { Site } from "./site";

/** How long a client secret lives, in days; docs/config.md. Default: as the stack has it. */
export interface Lifetimes {
  readonly periodDays?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly longestDays?: number | undefined;
}

/** @throws UserError where they do not go together */
export function checkLifetimes(lifetimes: Lifetimes): void {
  const { error } = signInFields.credential.safeParse(lifetimes);
  if (error) throw new UserError(`credential ${error.issues.map(({ message }) => message).join("; ")}`);
}

/** The settings of the new stack, by full key. */
export function settingsOf(answers: Answers, lifetimes: Lifetimes, { project, env }: Site): StackConfig {
  const { tenantId, accountId, teamName, environment } = answers;
  const credential = Object.entries(lifetimes).filter(([, days]) => days !== undefined);
  // The provider would take the cloud from the environment of whoever runs it.
  const isNamed = environment !== "public" || env.ARM_ENVIRONMENT;
  return {
    [`${project}:tenantId`]: tenantId,
    [`${project}:accountId`]: accountId,
    [`${project}:teamName`]: teamName,
    ...(credential.length > 0 && { [`${project}:credential`]: Object.fromEntries(credential) }),
    "azuread:tenantId": tenantId,
    ...(isNamed && { "azuread:environment": environment }),
  };
}

/** As Pulumi.<stack>.yaml has them. Quotes keep an id of digits alone from being a number. */
export function textOf(settings: StackConfig): string {
  return ["config:", ...linesOf(settings, "  "), ""].join("\n");
}

function linesOf(settings: object, indent: string): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    typeof value === "object"
      ? [`${indent}${key}:`, ...linesOf(value, `${indent}  `)]
      : [`${indent}${key}: ${JSON.stringify(value)}`],
  );
}
