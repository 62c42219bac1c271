import type { Verdict } from "../checks/check";
import { PROJECT_FOLDER, type StackConfig } from "../stacks";
import { type Given, interview, type Person } from "./interview";
import { make, settingsFile } from "./make";
import type { Answers } from "./questions";
import { type Readiness, readinessOf } from "./readiness";
import { checkLifetimes, type Lifetimes, settingsOf, textOf } from "./settings";
import { type Site, type SiteOptions, siteOf } from "./site";

/** What `new-stack --json` prints; docs/operations.md has every field. */
export interface NewStackReport extends Answers, Omit<Readiness, "result"> {
  readonly schema: "entra-access/new-stack/1";
  readonly result: "ready" | "rights are missing" | "unknown";
  /** Path of Pulumi.<stack>.yaml. */
  readonly settingsFile: string;
  /** What is in it, by full key. */
  readonly settings: StackConfig;
  /** The commands to go on with. */
  readonly next: readonly string[];
}

export interface NewStackOptions extends SiteOptions, Lifetimes {}

/**
 * Makes a stack from answers, each of which is checked first, and looks whether it can be brought up.
 *
 * @throws UserError where an answer is wrong or the stack could not be made: then nothing is left of it
 */
export async function newStack(
  given: Required<Omit<Given, "environment">> & Pick<Given, "environment">,
  options: NewStackOptions = {},
): Promise<NewStackReport> {
  return carryOut(await planStack(given, options));
}

/** A stack that could be made as it is. */
export interface Plan {
  readonly site: Site;
  readonly answers: Answers;
  readonly settings: StackConfig;
}

/**
 * Asks for what is not given and checks it all. Makes nothing.
 *
 * @throws UserError as {@link newStack} does
 */
export async function planStack(given: Given, options: NewStackOptions, person?: Person): Promise<Plan> {
  const { periodDays, graceDays, longestDays } = options;
  const lifetimes = { periodDays, graceDays, longestDays };
  checkLifetimes(lifetimes);
  const site = await siteOf(options);
  const answers = await interview(given, site, person);
  return { site, answers, settings: settingsOf(answers, lifetimes, site) };
}

/** Makes it, and looks whether it can be brought up. */
export async function carryOut({ site, answers, settings }: Plan): Promise<NewStackReport> {
  const { stack } = answers;
  await make(site, stack, textOf(settings));
  const { result, checks, madeByHand } = await readinessOf(site, stack);
  const first = [...(result === "in sync" ? [] : ["doctor"]), madeByHand.length > 0 ? "adopt" : "up"];
  const where = site.folder === PROJECT_FOLDER ? "" : ` -C ${site.folder}`;
  return {
    schema: "entra-access/new-stack/1",
    ...answers,
    result: RESULTS[result],
    settingsFile: settingsFile(site, stack),
    settings,
    checks,
    madeByHand,
    next: first.map((command) => `npx entra-access ${command} ${stack}${where}`),
  };
}

const RESULTS: Readonly<Record<Verdict, NewStackReport["result"]>> = {
  "in sync": "ready",
  failed: "rights are missing",
  unknown: "unknown",
};
