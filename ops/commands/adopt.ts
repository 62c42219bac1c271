import { recordAdoption, runAdoption } from "../adopt/adopt";
import { describeAdoption } from "../adopt/describe";
import { type AdoptionPlan, type AdoptionPlanOptions, type AdoptReport, planAdoption } from "../adopt/plan";
import { getRecordPath, readAdoptionRecord } from "../adopt/record";
import { undoAdoption } from "../adopt/undo";
import { connectClouds } from "../clients/deployer";
import type { Command } from "../command";
import { UserError } from "../errors";
import { buildUpReport, describeUpReport, UP_EXIT_CODES } from "../recovery/report";
import type { Stack } from "../stacks";
import { describeChanges } from "../stacks/changes";
import { askQuestion, confirm } from "../terminal/ask";
import { Progress, pc } from "../terminal/progress";
import { openStack } from "./up";

export const adoptCommand: Command = {
  usage: `usage: npx entra-access adopt [stack] [--identity-provider <id>] [--without-access] [--yes] [--json]
       npx entra-access adopt [stack] --undo [--yes]

Finds what was made by hand as Microsoft's tutorial says, shows what the stack would take over, asks, and takes it over.
People sign in all the while. Where it failed, the same command goes on.
Exit code: 0 as shown, 2 there is something to choose, to mend or to look at, 1 it failed.

  [stack]                   a new one, with accountId set; default: the one that pulumi stack select chose
  --identity-provider <id>  which one, where the account has several
  --without-access          leaves groups, policies and applications of Access as they are, outside of the stack
  --yes                     does not ask; without it, and without a terminal, nothing is changed
  --undo                    forgets it again: nothing is deleted, tags, owners and settings are put back
  --json                    the report as JSON, schema entra-access/adopt/1 (docs/operations.md)
  -C, --cwd <f>             the folder of Pulumi.yaml; default: this one`,
  options: {
    "identity-provider": { type: "string" },
    "without-access": { type: "boolean" },
    yes: { type: "boolean" },
    undo: { type: "boolean" },
    json: { type: "boolean" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stack"],
  async run({ stack: name, json, cwd, yes, undo: isUndo, ...chosen }) {
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd);
    const isAgreed = async (question: string) => yes === true || (!json && (await confirm(question)));
    const show = (shown: AdoptReport) =>
      console.log(json ? JSON.stringify(shown, undefined, 2) : describeAdoption(shown).join("\n"));
    if (isUndo) return forget(stack, progress, isAgreed);

    const begun = readAdoptionRecord(stack);
    if (begun) {
      progress.line(`An adoption was begun, says ${getRecordPath(stack)}: going on with it.`);
      return (await takeOver(stack, begun, progress)).code;
    }
    const options = {
      identityProviderId: chosen["identity-provider"] as string | undefined,
      withoutAccess: chosen["without-access"] === true,
    };
    const { candidate, access, report: planned } = await look(stack, progress, options, json !== true);
    const isPossible = planned.result === "can be adopted";
    if (!json || !isPossible || !yes) show(planned);
    if (!isPossible || !candidate) return 2;
    if (!(await isAgreed("Take it over?"))) {
      progress.line("Nothing was changed. With --yes it is taken over.");
      return 0;
    }
    const { code, result } = await takeOver(
      stack,
      await recordAdoption(stack, candidate, planned, access),
      progress,
    );
    if (json) show({ ...planned, result });
    return code;
  },
};

/** Asks which one, where there are several and somebody to ask. */
async function look(
  stack: Stack,
  progress: Progress,
  options: AdoptionPlanOptions,
  mayAsk: boolean,
): Promise<AdoptionPlan> {
  const plan = await progress.step("Looking at both clouds", async () =>
    planAdoption(stack, await connectClouds(await stack.providerSettings()), options),
  );
  if (plan.report.result !== "choose" || !mayAsk || !process.stdin.isTTY) return plan;
  for (const line of describeAdoption(plan.report)) progress.line(line);
  const answer = await askQuestion("Which identity provider, by id?");
  return answer ? look(stack, progress, { ...options, identityProviderId: answer }, mayAsk) : plan;
}

type Begun = NonNullable<ReturnType<typeof readAdoptionRecord>>;

async function takeOver(stack: Stack, begun: Begun, progress: Progress) {
  const done = await runAdoption(stack, begun, progress);
  const report = buildUpReport(stack.name, done);
  for (const line of describeUpReport(report)) progress.line(line);
  const code = UP_EXIT_CODES[report.result];
  if (done.left.length > 0) {
    progress.line("Taken over, and a preview is not empty:");
    for (const line of describeChanges(done.left)) progress.line(`  ${line}`);
    return { code: 2, result: "differs" } as const;
  }
  progress.line(`${pc.green("✓")} taken over: a preview is empty. Commit ${stack.settingsFile}.`);
  progress.line(`${getRecordPath(stack)} is what --undo needs: delete it once you want to stay.`);
  return { code, result: "adopted" } as const;
}

async function forget(
  stack: Stack,
  progress: Progress,
  isAgreed: (question: string) => Promise<boolean>,
): Promise<number> {
  const begun = readAdoptionRecord(stack);
  if (!begun)
    throw new UserError(`stack ${stack.name} has no record of an adoption`, [
      `It would be ${getRecordPath(stack)}.`,
    ]);
  if (
    !(await isAgreed(
      `Make stack ${stack.name} forget what it took over, and put tags, owners and settings back?`,
    ))
  ) {
    progress.line("Nothing was changed.");
    return 0;
  }
  const told = await progress.step("Putting back", async () =>
    undoAdoption(stack, begun, await connectClouds(await stack.providerSettings())),
  );
  for (const line of told) progress.line(`  ${pc.yellow("look")} ${line}`);
  return told.length > 0 ? 2 : 0;
}
