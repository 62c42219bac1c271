import { readFileSync } from "node:fs";
import { defineCommand } from "../command";
import { type DriftReport, EXIT_CODES } from "../drift/report";
import { dueIn, mergeReports } from "../drift/shards";
import { UsageError, UserError } from "../errors";
import { GitHub } from "../github/api";
import { commentOn } from "../github/comment";
import { tellOf } from "../github/issue";
import { numberOption, type OptionValues, restArguments, textArgument, textOption } from "../options";
import { resolveUserPath } from "../terminal/user-path";
import { OUTPUTS, print } from "./drift";

const COUNT = { min: 1, max: 999_999_999 };

const OPTIONS = {
  action: textArgument("merge, due, issue or comment"),
  files: restArguments("drift reports, or the text of the comment"),
  ...OUTPUTS,
  shards: numberOption("number of shards; a missing one counts as unknown", COUNT),
  "pull-request": numberOption("number of the pull request", COUNT),
  author: textOption("<login>", "login of the token; default: github-actions[bot]"),
};
type Options = Omit<OptionValues<typeof OPTIONS>, "action" | "files">;

export const report = defineCommand({
  description: `merge    merges reports of npx entra-access drift --json, for example of all shards of a fleet. A shard without a report counts
         as unknown. Exit codes are those of drift.
due      prints the stacks that are in sync and whose rotation is due, as a JSON list
issue    keeps one issue on GitHub open while the report shows drift or unknowns, and closes it afterwards
comment  puts Markdown into one comment on a pull request, and updates it with later calls`,
  options: OPTIONS,
  notes:
    "issue and comment read GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL, as workflows set them: docs/workflows.md.",
  async run({ action = "nothing", files, ...options }) {
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!act)
      throw new UsageError(`the action must be one of ${Object.keys(ACTIONS).join(", ")}; found ${action}`);
    return act(files, options);
  },
});

const ACTIONS: Readonly<
  Record<string, (files: readonly string[], options: Options) => number | Promise<number>>
> = {
  merge(files, { shards, ...outputs }) {
    if (files.length === 0 && shards === undefined) throw new UsageError("no files to merge");
    const merged = mergeReports(
      files.flatMap((file) => reportIn(file) ?? []),
      shards,
    );
    print(merged, outputs);
    return EXIT_CODES[merged.result];
  },
  due(files) {
    console.log(JSON.stringify(dueIn(theReport(files))));
    return 0;
  },
  async issue(files, { author }) {
    console.log(await tellOf(theReport(files), new GitHub(), author));
    return 0;
  },
  async comment(files, { "pull-request": pullRequest, author }) {
    if (pullRequest === undefined) throw new UsageError("--pull-request is required");
    const text = contentOf(single(files)).trim() || NOTHING;
    console.log(await commentOn(new GitHub(), pullRequest, text, author));
    return 0;
  },
};

/** A comment from before must not stay as if it were of now. */
const NOTHING = "There is no preview of this version: the workflow run says why.";

function single(files: readonly string[]): string {
  const [file, another] = files;
  if (file !== undefined && another === undefined) return file;
  throw new UsageError(`exactly one file is required; found ${files.length}`);
}

function theReport(files: readonly string[]): DriftReport {
  const file = single(files);
  const found = reportIn(file);
  if (found) return found;
  throw new UserError(`${file} is empty: whoever was to write it did not come to the end`);
}

/** Undefined where the file is empty, as a shell leaves it when the program before `>` failed. */
function reportIn(file: string): DriftReport | undefined {
  const text = contentOf(file);
  if (text.trim() === "") return undefined;
  let found: DriftReport | undefined;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} could not be read: ${(error as Error).message}`);
  }
  if (found?.schema === "entra-access/drift/1") return found;
  throw new UserError(`${file} is no report of npx entra-access drift --json`, [
    `Its schema is ${found?.schema ?? "missing"}; this version reads entra-access/drift/1.`,
  ]);
}

function contentOf(file: string): string {
  try {
    return readFileSync(resolveUserPath(file), "utf8");
  } catch (error) {
    throw new UserError(`${file} could not be read: ${(error as Error).message}`);
  }
}
