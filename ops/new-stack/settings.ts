import { join, relative } from "node:path";
import { signInFields } from "../../config/sign-in";
import { UserError } from "../errors";
import type { ConfigValues } from "../stacks";
import type { NewStackContext } from "./context";
import type { StackAnswers } from "./questions";

/** Lifetimes of client secrets in days (docs/config.md). Default: those of the stack. */
export interface ClientSecretLifetimes {
  readonly periodDays?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly longestDays?: number | undefined;
}

/** @throws UserError where the lifetimes contradict each other */
export function checkLifetimes(lifetimes: ClientSecretLifetimes): void {
  const { error } = signInFields.credential.safeParse(lifetimes);
  if (error) throw new UserError(`credential ${error.issues.map(({ message }) => message).join("; ")}`);
}

/** Builds the config of the new stack by full key. */
export function buildStackConfig(
  answers: StackAnswers,
  lifetimes: ClientSecretLifetimes,
  { project, env }: NewStackContext,
): ConfigValues {
  const { tenantId, accountId, teamName, environment } = answers;
  const credential = Object.entries(lifetimes).filter(([, days]) => days !== undefined);
  // Set explicitly, because the provider would otherwise take the cloud from the environment.
  const setsEnvironment = environment !== "public" || env.ARM_ENVIRONMENT;
  return {
    [`${project}:tenantId`]: tenantId,
    [`${project}:accountId`]: accountId,
    [`${project}:teamName`]: teamName,
    ...(credential.length > 0 && { [`${project}:credential`]: Object.fromEntries(credential) }),
    "azuread:tenantId": tenantId,
    ...(setsEnvironment && { "azuread:environment": environment }),
  };
}

/** The JSON Schema of Pulumi.<stack>.yaml; its path is stable, because the files of all stacks name it. */
const SCHEMA_FILE = join(__dirname, "../../config/stack-file.schema.json");

/** Formats the first line of Pulumi.<stack>.yaml, by which editors complete and check the settings. */
export function formatSchemaComment(folder: string): string {
  return `# yaml-language-server: $schema=${relative(folder, SCHEMA_FILE)}\n`;
}

/** Formats the config as Pulumi.<stack>.yaml; quotes keep an id of digits from becoming a number. */
export function formatConfigFile(settings: ConfigValues): string {
  return ["config:", ...formatLines(settings, "  "), ""].join("\n");
}

function formatLines(settings: object, indent: string): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    typeof value === "object"
      ? [`${indent}${key}:`, ...formatLines(value, `${indent}  `)]
      : [`${indent}${key}: ${JSON.stringify(value)}`],
  );
}
