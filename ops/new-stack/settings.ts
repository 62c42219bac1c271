import { signInSettings } from "../../config/sign-in";
import { UserError } from "../errors";
import type { ConfigValues } from "../stacks";
import type { NewStackContext } from "./context";
import type { StackAnswers } from "./questions";

/** How long a client secret lives, in days; docs/config.md. Default: as the stack has it. */
export interface ClientSecretLifetimes {
  readonly periodDays?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly longestDays?: number | undefined;
}

/** @throws UserError where they do not go together */
export function checkLifetimes(lifetimes: ClientSecretLifetimes): void {
  const { error } = signInSettings.credential.safeParse(lifetimes);
  if (error) throw new UserError(`credential: want ${error.issues.map(({ message }) => message).join("; ")}`);
}

/** The settings of the new stack, by full key. */
export function buildStackConfig(
  answers: StackAnswers,
  lifetimes: ClientSecretLifetimes,
  { project, env }: NewStackContext,
): ConfigValues {
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
export function formatConfigFile(settings: ConfigValues): string {
  return ["config:", ...linesOf(settings, "  "), ""].join("\n");
}

function linesOf(settings: object, indent: string): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    typeof value === "object"
      ? [`${indent}${key}:`, ...linesOf(value, `${indent}  `)]
      : [`${indent}${key}: ${JSON.stringify(value)}`],
  );
}
