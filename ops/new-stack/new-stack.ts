import type { Result } from "../checks/check";
import { type ConfigValues, PROJECT_FOLDER } from "../stacks";
import { type NewStackContext, type NewStackContextOptions, prepareNewStack } from "./context";
import { getConfigPath, initializeStack } from "./initialize";
import { collectAnswers, type PresetAnswers, type Respondent } from "./interview";
import type { StackAnswers } from "./questions";
import { checkReadiness, type StackReadiness } from "./readiness";
import { buildStackConfig, type ClientSecretLifetimes, checkLifetimes, formatConfigFile } from "./settings";

/** What `new-stack --json` prints; docs/operations.md has every field. */
export interface NewStackReport extends StackAnswers, Omit<StackReadiness, "result"> {
  readonly schema: "entra-access/new-stack/1";
  readonly result: "ready" | "rights are missing" | "could not tell";
  /** Path of Pulumi.<stack>.yaml. */
  readonly settingsFile: string;
  /** What is in it, by full key. */
  readonly settings: ConfigValues;
  /** The commands to go on with. */
  readonly next: readonly string[];
}

export interface NewStackOptions extends NewStackContextOptions, ClientSecretLifetimes {}

/**
 * Makes a stack from answers, each of which is checked first, and looks whether it can be brought up.
 *
 * @throws UserError where an answer is wrong or the stack could not be made: then nothing is left of it
 */
export async function createStack(
  given: Required<Omit<PresetAnswers, "environment">> & Pick<PresetAnswers, "environment">,
  options: NewStackOptions = {},
): Promise<NewStackReport> {
  return createPlannedStack(await planNewStack(given, options));
}

/** A stack that could be made as it is. */
export interface NewStackPlan {
  readonly site: NewStackContext;
  readonly answers: StackAnswers;
  readonly settings: ConfigValues;
}

/**
 * Asks for what is not given and checks it all. Makes nothing.
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
  const site = await prepareNewStack(options);
  const answers = await collectAnswers(given, site, person);
  return { site, answers, settings: buildStackConfig(answers, lifetimes, site) };
}

/** Makes it, and looks whether it can be brought up. */
export async function createPlannedStack({ site, answers, settings }: NewStackPlan): Promise<NewStackReport> {
  const { stack } = answers;
  await initializeStack(site, stack, formatConfigFile(settings));
  const { result, checks, madeByHand } = await checkReadiness(site, stack);
  const first = [...(result === "as declared" ? [] : ["doctor"]), madeByHand.length > 0 ? "adopt" : "up"];
  const where = site.folder === PROJECT_FOLDER ? "" : ` -C ${site.folder}`;
  return {
    schema: "entra-access/new-stack/1",
    ...answers,
    result: RESULTS[result],
    settingsFile: getConfigPath(site, stack),
    settings,
    checks,
    madeByHand,
    next: first.map((command) => `npx entra-access ${command} ${stack}${where}`),
  };
}

const RESULTS: Readonly<Record<Result, NewStackReport["result"]>> = {
  "as declared": "ready",
  failed: "rights are missing",
  "could not tell": "could not tell",
};
