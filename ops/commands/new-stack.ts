import { ENVIRONMENTS, type Environment } from "../../config/target";
import type { Command } from "../command";
import { UsageError } from "../errors";
import { InterruptedError, throwIfInterrupted } from "../new-stack/context";
import { describeNewStack, describePlan } from "../new-stack/describe";
import type { PresetAnswers } from "../new-stack/interview";
import { createPlannedStack, type NewStackPlan, planNewStack } from "../new-stack/new-stack";
import { STACK_QUESTIONS } from "../new-stack/questions";
import { Conversation, getProcessTerminal, type Terminal } from "../terminal/ask";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

export const newStackCommand: Command = {
  usage: `usage: npx entra-access new-stack [stack] [--team <name>] [--account <id>] [--tenant <id>] [--yes] [--json]

Asks what a new stack takes, checks each answer as it is given, shows what it would write, asks, and makes the stack with
its Pulumi.<stack>.yaml: both or neither. Then it says which rights are missing, and the next command. Secrets are not
asked for: CLOUDFLARE_API_TOKEN, ARM_* and PULUMI_CONFIG_PASSPHRASE are read where pulumi reads them.
Exit code: 0 made and ready, 2 made and rights are missing or could not be told, 1 not made.

  [stack], --stack <name>   its name
  --team <name>             Cloudflare team name, the part before .cloudflareaccess.com
  --account <id>            Cloudflare account id
  --tenant <id>             Entra tenant id, or a domain of the tenant
  --environment <cloud>     public, usgovernment or china; default: where the tenant is found
  --period-days <n>         from one rotation of the client secret to the next; default 90
  --grace-days <n>          how long a secret works after that; default 30
  --longest-days <n>        the longest life that the tenant allows a secret; default 180
  --yes                     does not ask before it makes the stack
  --json                    the report as JSON, schema entra-access/new-stack/1 (docs/operations.md); asks nothing
  -C, --cwd <f>             the folder of Pulumi.yaml; default: this one`,
  options: {
    stack: { type: "string" },
    team: { type: "string" },
    account: { type: "string" },
    tenant: { type: "string" },
    environment: { type: "string" },
    "period-days": { type: "string" },
    "grace-days": { type: "string" },
    "longest-days": { type: "string" },
    yes: { type: "boolean" },
    json: { type: "boolean" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["name"],
  run: (options) => runNewStack(options),
};

/** Who answers, and with what environment; default: this process's. */
export interface CommandContext {
  readonly terminal?: Terminal;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function runNewStack(
  options: Readonly<Record<string, unknown>>,
  at: CommandContext = {},
): Promise<number> {
  const { json } = options;
  const progress = new Progress(json ? process.stderr : process.stdout);
  try {
    const plan = await planIn(options, at, progress);
    if (!plan) {
      progress.line("Nothing was made.");
      return 1;
    }
    const report = await progress.step(`Making stack ${plan.answers.stack}`, () => createPlannedStack(plan));
    console.log(json ? JSON.stringify(report, undefined, 2) : describeNewStack(report).join("\n"));
    return report.result === "ready" ? 0 : 2;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    progress.line(error.message);
    return 130;
  }
}

/** What somebody answered and agreed to; undefined where they did not. */
async function planIn(
  options: Readonly<Record<string, unknown>>,
  { terminal = getProcessTerminal(), env = {}, signal = createInterruptSignal() }: CommandContext,
  progress: Progress,
): Promise<NewStackPlan | undefined> {
  const { json, yes, cwd } = options;
  const given = givenIn(options);
  const mayAsk = !json && terminal.input.isTTY === true;
  refuseToGuess(given, yes === true, mayAsk);
  const lifetimes = {
    periodDays: days(options, "period-days"),
    graceDays: days(options, "grace-days"),
    longestDays: days(options, "longest-days"),
  };
  const engine = await ensureEngine({ progress, signal });
  const about = { env, engine, signal, projectFolder: cwd as string | undefined, ...lifetimes };
  if (!mayAsk) return progress.step("Checking the answers", () => planNewStack(given, about));

  const conversation = new Conversation(terminal, signal);
  const tell = (line: string) => void terminal.output.write(`${line}\n`);
  try {
    const plan = await planNewStack(given, about, { ask: (question) => conversation.ask(question), tell });
    for (const line of ["", ...describePlan(plan), ""]) tell(line);
    const answer = yes === true ? "yes" : await conversation.ask('Make it? Only "yes" goes on:');
    throwIfInterrupted({ signal });
    return answer === "yes" ? plan : undefined;
  } finally {
    conversation.close();
  }
}

function givenIn(options: Readonly<Record<string, unknown>>): PresetAnswers {
  const {
    name,
    stack = name,
    team,
    account,
    tenant,
    environment,
  } = options as Record<string, string | undefined>;
  if (name !== undefined && stack !== name)
    throw new UsageError(`the stack is "${name}" and --stack "${stack}"`);
  if (environment !== undefined && !ENVIRONMENTS.includes(environment as Environment))
    throw new UsageError(`--environment is "${environment}"; want one of ${ENVIRONMENTS.join(", ")}`);
  const given = { stack, teamName: team, accountId: account, tenantId: tenant, environment };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as PresetAnswers;
}

function refuseToGuess(given: PresetAnswers, isAgreed: boolean, mayAsk: boolean): void {
  if (mayAsk) return;
  const missing = STACK_QUESTIONS.filter(({ name }) => given[name] === undefined).map(({ flag }) => flag);
  const all = [...missing, ...(isAgreed ? [] : ["--yes"])];
  if (all.length > 0)
    throw new UsageError(`nobody is asked here, and something is missing: ${all.join(", ")}`);
}

function days(options: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(String(given))) return Number(given);
  throw new UsageError(`--${name} is "${given}"; want a number of days`);
}
