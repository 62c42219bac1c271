import { ENVIRONMENTS } from "../../config/target";
import { defineCommand } from "../command";
import { InterruptedError, UsageError } from "../errors";
import { throwIfInterrupted } from "../new-stack/context";
import { describeAnswers, describeNewStack } from "../new-stack/describe";
import type { PresetAnswers } from "../new-stack/interview";
import {
  createPlannedStack,
  NEW_STACK_EXIT_CODES,
  type NewStackPlan,
  planNewStack,
} from "../new-stack/new-stack";
import { STACK_QUESTIONS } from "../new-stack/questions";
import {
  CWD_OPTION,
  choiceOption,
  flagOption,
  jsonOption,
  numberOption,
  type OptionValues,
  textArgument,
  textOption,
} from "../options";
import { CONFIRMATION_HINT, Conversation, getProcessTerminal, type Terminal } from "../terminal/ask";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

const DAYS = { min: 1, max: 9999 };

const NEW_STACK_OPTIONS = {
  name: textArgument("name of the stack"),
  stack: textOption("<name>", "the same as the argument"),
  team: textOption("<name>", "Cloudflare team name, the part before .cloudflareaccess.com"),
  account: textOption("<id>", "Cloudflare account id"),
  tenant: textOption("<id>", "Entra tenant id, or a domain of the tenant"),
  environment: choiceOption(ENVIRONMENTS, "<cloud>", "Microsoft's cloud; default: wherever the tenant is"),
  "period-days": numberOption("days between two rotations of the client secret; default: 90", DAYS),
  "grace-days": numberOption("days that two client secrets overlap; default: 30", DAYS),
  "longest-days": numberOption("longest life of a client secret that the tenant allows; default: 180", DAYS),
  yes: flagOption("does not ask for confirmation"),
  json: jsonOption("new-stack"),
  cwd: CWD_OPTION,
};

export const newStackCommand = defineCommand({
  description: `Asks for the answers that are not given as options, checks each of them, and creates the stack with its
Pulumi.<stack>.yaml after a confirmation: both or neither. Then lists missing permissions and the next command. Asks for no
secrets: CLOUDFLARE_API_TOKEN, ARM_* and PULUMI_CONFIG_PASSPHRASE are read where pulumi reads them.
Exit code: 0 created and ready, 2 created but permissions are missing, 1 not created, or permissions could not be checked.`,
  options: NEW_STACK_OPTIONS,
  run: (options) => runNewStack(options),
});

type NewStackValues = Partial<OptionValues<typeof NEW_STACK_OPTIONS>>;

/** Terminal and environment of a command; default: those of this process. */
export interface CommandContext {
  readonly terminal?: Terminal;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function runNewStack(options: NewStackValues, context: CommandContext = {}): Promise<number> {
  const { json } = options;
  const progress = new Progress(json ? process.stderr : process.stdout);
  try {
    const plan = await planFromOptions(options, context, progress);
    if (!plan) {
      progress.line("Nothing was created.");
      return 1;
    }
    const report = await progress.step(`Creating stack ${plan.answers.stack}`, () =>
      createPlannedStack(plan),
    );
    console.log(json ? JSON.stringify(report, undefined, 2) : describeNewStack(report).join("\n"));
    return NEW_STACK_EXIT_CODES[report.result];
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    progress.line(error.message);
    return 130;
  }
}

/** Plans the stack and asks for confirmation. @returns undefined where it was not given */
async function planFromOptions(
  options: NewStackValues,
  { terminal = getProcessTerminal(), env = {}, signal = createInterruptSignal() }: CommandContext,
  progress: Progress,
): Promise<NewStackPlan | undefined> {
  const { json, yes, cwd: projectFolder } = options;
  const given = readPresetAnswers(options);
  const mayAsk = !json && terminal.input.isTTY === true;
  requireAnswers(given, yes === true, mayAsk);
  const lifetimes = {
    periodDays: options["period-days"],
    graceDays: options["grace-days"],
    longestDays: options["longest-days"],
  };
  const engine = await ensureEngine({ progress, signal });
  const planOptions = { env, engine, signal, projectFolder, ...lifetimes };
  if (!mayAsk) return progress.step("Checking the answers", () => planNewStack(given, planOptions));

  const conversation = new Conversation(terminal, signal);
  const tell = (line: string) => void terminal.output.write(`${line}\n`);
  try {
    const plan = await planNewStack(given, planOptions, {
      ask: (question) => conversation.ask(question),
      tell,
    });
    for (const line of ["", ...describeAnswers(plan), ""]) tell(line);
    const answer = yes ? "yes" : await conversation.ask(`Create it? ${CONFIRMATION_HINT}`);
    throwIfInterrupted({ signal });
    return answer === "yes" ? plan : undefined;
  } finally {
    conversation.close();
  }
}

function readPresetAnswers(options: NewStackValues): PresetAnswers {
  const { name, stack = name, team, account, tenant, environment } = options;
  if (name !== undefined && stack !== name)
    throw new UsageError(`--stack must be the same as the argument "${name}"; found "${stack}"`);
  const given = { stack, teamName: team, accountId: account, tenantId: tenant, environment };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as PresetAnswers;
}

function requireAnswers(given: PresetAnswers, isConfirmed: boolean, mayAsk: boolean): void {
  if (mayAsk) return;
  const missing = STACK_QUESTIONS.filter(({ name }) => given[name] === undefined).map(({ flag }) => flag);
  const all = [...missing, ...(isConfirmed ? [] : ["--yes"])];
  if (all.length > 0) throw new UsageError(`without a terminal, these are required: ${all.join(", ")}`);
}
