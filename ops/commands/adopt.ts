import { recordAdoption, runAdoption } from "../adopt/adopt";
import { describeAdoption } from "../adopt/describe";
import { type AdoptionPlan, type AdoptionPlanOptions, type AdoptReport, planAdoption } from "../adopt/plan";
import { type AdoptionRecord, getRecordPath, readAdoptionRecord } from "../adopt/record";
import { undoAdoption } from "../adopt/undo";
import { connectClouds } from "../clients/deployer";
import { defineCommand } from "../command";
import { UserError } from "../errors";
import { CWD_OPTION, flagOption, jsonOption, STACK_ARGUMENT, textOption } from "../options";
import { buildUpReport, describeUpReport, UP_EXIT_CODES } from "../recovery/report";
import type { Stack } from "../stacks";
import { describeChanges } from "../stacks/run/changes";
import { askQuestion, confirm } from "../terminal/ask";
import { Progress, pc } from "../terminal/progress";
import { openStack } from "./up";

export const adoptCommand = defineCommand({
  description: `Finds a set-up that was made by hand after Microsoft's tutorial, previews its import into a new stack with accountId set,
and imports it after a confirmation. People can sign in throughout. After a failure, the same command resumes.
Exit code: 0 adopted, or it can be and nobody agreed, 2 choice or action needed, 1 it failed, or the undo was declined.`,
  options: {
    stack: STACK_ARGUMENT,
    "identity-provider": textOption("<id>", "chooses one where the account has several"),
    "without-access": flagOption("does not import groups, policies and applications of Access"),
    yes: flagOption("does not ask; required without a terminal"),
    undo: flagOption("reverses the adoption: deletes nothing, restores tags, owners and config"),
    json: jsonOption("adopt"),
    cwd: CWD_OPTION,
  },
  async run({ stack: name, json, cwd, yes, undo, ...options }) {
    const progress = new Progress(json ? process.stderr : process.stdout);
    const stack = await openStack(progress, name, cwd);
    const isConfirmed = async (question: string) => yes || (!json && (await confirm(question)));
    const print = (report: AdoptReport) =>
      console.log(json ? JSON.stringify(report, undefined, 2) : describeAdoption(report).join("\n"));
    if (undo) return undoRecordedAdoption(stack, progress, isConfirmed);

    const record = readAdoptionRecord(stack);
    if (record) {
      progress.line(`Resuming the adoption recorded in ${getRecordPath(stack)}.`);
      return (await adopt(stack, record, progress)).code;
    }
    const planOptions = {
      identityProviderId: options["identity-provider"],
      withoutAccess: options["without-access"],
    };
    const { candidate, access, created, report } = await planWithChoice(stack, progress, planOptions, !json);
    const isPossible = report.result === "can be adopted";
    if (!json || !isPossible || !yes) print(report);
    if (!isPossible || !candidate) return 2;
    if (!(await isConfirmed("Adopt it?"))) {
      progress.line("Nothing was changed. Use --yes to adopt it without a question.");
      return 0;
    }
    const recorded = await recordAdoption(stack, candidate, report, access, created);
    const { code, result } = await adopt(stack, recorded, progress);
    if (json) print({ ...report, result });
    return code;
  },
});

/** Plans the adoption; lets a person at a terminal choose among several candidates. */
async function planWithChoice(
  stack: Stack,
  progress: Progress,
  options: AdoptionPlanOptions,
  mayAsk: boolean,
): Promise<AdoptionPlan> {
  const plan = await progress.step("Searching both clouds", async () =>
    planAdoption(stack, await connectClouds(await stack.providerSettings()), options),
  );
  if (plan.report.result !== "choice needed" || !mayAsk || !process.stdin.isTTY) return plan;
  for (const line of describeAdoption(plan.report)) progress.line(line);
  const identityProviderId = await askQuestion("Id of the identity provider to adopt:");
  return identityProviderId
    ? planWithChoice(stack, progress, { ...options, identityProviderId }, mayAsk)
    : plan;
}

async function adopt(stack: Stack, record: AdoptionRecord, progress: Progress) {
  const { remainingChanges, ...deployed } = await runAdoption(stack, record, progress);
  const report = buildUpReport(stack.name, deployed);
  for (const line of describeUpReport(report)) progress.line(line);
  if (remainingChanges.length > 0) {
    progress.line("Adopted, but a preview shows changes:");
    for (const line of describeChanges(remainingChanges)) progress.line(`  ${line}`);
    return { code: 2, result: "drift" } as const;
  }
  progress.line(`${pc.green("✓")} adopted; a preview shows no changes. Commit ${stack.settingsFile}.`);
  progress.line(`Keep ${getRecordPath(stack)} as long as you may want to use --undo.`);
  return { code: UP_EXIT_CODES[report.result], result: "adopted" } as const;
}

async function undoRecordedAdoption(
  stack: Stack,
  progress: Progress,
  isConfirmed: (question: string) => Promise<boolean>,
): Promise<number> {
  const record = readAdoptionRecord(stack);
  if (!record)
    throw new UserError(`stack ${stack.name} has no record of an adoption`, [
      `It would be ${getRecordPath(stack)}.`,
    ]);
  const question = `Remove the adopted resources from stack ${stack.name}, and restore tags, owners and config?`;
  if (!(await isConfirmed(question))) {
    progress.line("Nothing was changed. Use --yes to undo it without a question.");
    return 1;
  }
  const actionNeeded = await progress.step("Reversing the adoption", async () =>
    undoAdoption(stack, record, await connectClouds(await stack.providerSettings())),
  );
  for (const line of actionNeeded) progress.line(`  ${pc.yellow("action needed:")} ${line}`);
  return actionNeeded.length > 0 ? 2 : 0;
}
