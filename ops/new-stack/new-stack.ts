import type { Verdict } from "../checks/check";
import { type ConfigValues, PROJECT_FOLDER } from "../stacks";
import { type NewStackContext, type NewStackContextOptions, prepareNewStack } from "./context";
import { getConfigPath, initializeStack } from "./initialize";
import { collectAnswers, type PresetAnswers, type Respondent } from "./interview";
import type { StackAnswers } from "./questions";
import { checkReadiness, type StackReadiness } from "./readiness";
import {
  buildStackConfig,
  type ClientSecretLifetimes,
  checkLifetimes,
  formatConfigFile,
  formatSchemaComment,
} from "./settings";

/** The JSON report of `new-stack`; every field is documented in docs/commands/new-stack.md. */
export interface NewStackReport extends StackAnswers, Omit<StackReadiness, "result"> {
  readonly schema: "entra-access/new-stack/1";
  readonly result: "ready" | "permissions missing" | "unknown";
  /** Path of Pulumi.<stack>.yaml. */
  readonly settingsFile: string;
  /** Its config by full key. */
  readonly settings: ConfigValues;
  /** The commands to run next. */
  readonly next: readonly string[];
}

export interface NewStackOptions extends NewStackContextOptions, ClientSecretLifetimes {}

/**
 * Creates a stack from checked answers and checks whether it can be deployed.
 *
 * @throws UserError where an answer is invalid or the stack could not be created; then nothing is left of it
 */
export async function createStack(
  given: Required<Omit<PresetAnswers, "environment">> & Pick<PresetAnswers, "environment">,
  options: NewStackOptions = {},
): Promise<NewStackReport> {
  return createPlannedStack(await planNewStack(given, options));
}

/** A stack with valid answers that can be created. */
export interface NewStackPlan {
  readonly context: NewStackContext;
  readonly answers: StackAnswers;
  readonly settings: ConfigValues;
}

/**
 * Asks for the answers that are not given and checks all of them. Creates nothing.
 *
 * @throws UserError as {@link createStack} does
 */
export async function planNewStack(
  given: PresetAnswers,
  options: NewStackOptions,
  person?: Respondent,
): Promise<NewStackPlan> {
  const { periodDays, graceDays, longestDays } = options;
  const lifetimes = { periodDays, graceDays, longestDays };
  checkLifetimes(lifetimes);
  const context = await prepareNewStack(options);
  const answers = await collectAnswers(given, context, person);
  return { context, answers, settings: buildStackConfig(answers, lifetimes, context) };
}

/** Creates the stack and checks whether it can be deployed. */
export async function createPlannedStack({
  context,
  answers,
  settings,
}: NewStackPlan): Promise<NewStackReport> {
  const { stack } = answers;
  await initializeStack(context, stack, formatSchemaComment(context.folder) + formatConfigFile(settings));
  const { result, checks, madeByHand } = await checkReadiness(context, stack);
  const first = [...(result === "in sync" ? [] : ["doctor"]), madeByHand.length > 0 ? "adopt" : "up"];
  const where = context.folder === PROJECT_FOLDER ? "" : ` -C ${context.folder}`;
  return {
    schema: "entra-access/new-stack/1",
    ...answers,
    result: RESULTS[result],
    settingsFile: getConfigPath(context, stack),
    settings,
    checks,
    madeByHand,
    next: first.map((command) => `npx entra-access ${command} ${stack}${where}`),
  };
}

export const NEW_STACK_EXIT_CODES: Readonly<Record<NewStackReport["result"], number>> = {
  ready: 0,
  "permissions missing": 2,
  unknown: 1,
};

const RESULTS: Readonly<Record<Verdict, NewStackReport["result"]>> = {
  "in sync": "ready",
  failed: "permissions missing",
  unknown: "unknown",
};
