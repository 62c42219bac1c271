import { readFileSync } from "node:fs";
import { defineCommand } from "../command";
import { DRIFT_EXIT_CODES, type DriftReport } from "../drift/report";
import { listStacksDueForRotation, mergeDriftReports } from "../drift/shards";
import { UsageError, UserError } from "../errors";
import { GitHub } from "../github/api";
import { upsertComment } from "../github/comment";
import { updateDriftIssue } from "../github/issue";
import { numberOption, type OptionValues, restArguments, textArgument, textOption } from "../options";
import { resolveUserPath } from "../terminal/user-path";
import { OUTPUT_OPTIONS, printDriftReport } from "./drift";

const COUNT = { min: 1, max: 999_999_999 };

const OPTIONS = {
  action: textArgument("merge, due, issue or comment"),
  files: restArguments("drift reports, or the Markdown file of the comment"),
  ...OUTPUT_OPTIONS,
  shards: numberOption("the number of shards; needed if some or all of them have no file", COUNT),
  "pull-request": numberOption("the number of the pull request", COUNT),
  author: textOption("<login>", "the user that the token belongs to; default: github-actions[bot]"),
};
type Options = Omit<OptionValues<typeof OPTIONS>, "action" | "files">;

export const reportCommand = defineCommand({
  description: `merge    merges reports of npx entra-access drift --json, for example of all shards of a fleet. A shard whose file is
         missing or empty is unknown. The exit codes are those of drift.
due      prints the stacks whose client secret is due, or whose client secret's end is unknown, as a JSON list
issue    keeps one GitHub issue open unless all stacks are in sync, and closes it then
comment  creates or updates one comment on a pull request from a Markdown file`,
  options: OPTIONS,
  notes:
    "issue and comment use GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL of a workflow: docs/workflows.md.",
  async run({ action = "nothing", files, ...options }) {
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (act) return act(files, options);
    throw new UsageError(`the action must be one of ${Object.keys(ACTIONS).join(", ")}; found ${action}`);
  },
});

const ACTIONS: Readonly<
  Record<string, (files: readonly string[], options: Options) => number | Promise<number>>
> = {
  merge(files, { shards, ...options }) {
    if (files.length === 0 && shards === undefined) throw new UsageError("merge requires at least one file");
    const merged = mergeDriftReports(
      files.flatMap((file) => readReport(file) ?? []),
      shards,
    );
    printDriftReport(merged, options);
    return DRIFT_EXIT_CODES[merged.result];
  },
  due(files) {
    const { due, unknown } = listStacksDueForRotation(readSingleReport(files));
    for (const { stack, cause } of unknown)
      console.error(`${stack}: unknown: the end of its client secret could not be read: ${cause}`);
    console.log(JSON.stringify([...due, ...unknown.map(({ stack }) => stack)]));
    return 0;
  },
  async issue(files, { author }) {
    console.log(await updateDriftIssue(readSingleReport(files), new GitHub(), author));
    return 0;
  },
  async comment(files, { "pull-request": pullRequest, author }) {
    if (pullRequest === undefined) throw new UsageError("--pull-request is required");
    const text = readText(requireSingle(files)).trim() || NO_PREVIEW;
    console.log(await upsertComment(new GitHub(), pullRequest, text, author));
    return 0;
  },
};

/** The text that replaces an outdated comment. */
const NO_PREVIEW = "There is no preview of this version; see the workflow run for the reason.";

function requireSingle(files: readonly string[]): string {
  const [file, another] = files;
  if (file !== undefined && another === undefined) return file;
  throw new UsageError(`exactly one file is required; found ${files.length}`);
}

function readSingleReport(files: readonly string[]): DriftReport {
  const file = requireSingle(files);
  const report = readReport(file);
  if (report) return report;
  throw new UserError(`${file} must contain a report; found an empty file`);
}

/** Returns undefined for an empty file, which a shell leaves behind if the command before `>` fails. */
function readReport(file: string): DriftReport | undefined {
  const text = readText(file);
  if (text.trim() === "") return undefined;
  let report: DriftReport | undefined;
  try {
    report = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} could not be read: ${(error as Error).message}`);
  }
  if (report?.schema === "entra-access/drift/1") return report;
  throw new UserError(
    `${file} must be a report with schema entra-access/drift/1; found ${report?.schema ?? "no schema"}`,
    ["Create it with this version: npx entra-access drift --json."],
  );
}

function readText(file: string): string {
  try {
    return readFileSync(resolveUserPath(file), "utf8");
  } catch (error) {
    throw new UserError(`${file} could not be read: ${(error as Error).message}`);
  }
}
