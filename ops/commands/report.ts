import { readFileSync } from "node:fs";
import type { Command } from "../command";
import { type DriftReport, EXIT_CODES } from "../drift/report";
import { dueIn, mergeReports } from "../drift/shards";
import { UsageError, UserError } from "../errors";
import { GitHub } from "../github/api";
import { commentOn } from "../github/comment";
import { tellOf } from "../github/issue";
import { resolveUserPath } from "../terminal/user-path";
import { OUTPUTS, print } from "./drift";

type Options = Readonly<Record<string, unknown>>;

export const report: Command = {
  usage: `usage: npx entra-access report merge <files...> [--shards <n>] [--json | --markdown] [--html <file>]
       npx entra-access report due <file>
       npx entra-access report issue <file> [--author <login>]
       npx entra-access report comment <file> --pull-request <n> [--author <login>]

merge    makes one report of several that npx entra-access drift --json wrote, for example of all shards of a fleet. A
         shard that is missing or whose file is empty counts as one that could not be told. Exit codes are those of drift.
due      the stacks that are as declared and whose rotation is due, as a JSON list
issue    keeps one issue on GitHub open while the report has anything that is not as declared, and closes it when not
comment  puts Markdown into one comment on a pull request, which later calls change

issue and comment read GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL, as a workflow has them: docs/workflows.md.

  --shards <n>         how many there were: all count, also where not one has a file
  --pull-request <n>   its number
  --author <login>     whoever the token writes as; default: github-actions[bot]`,
  options: {
    ...OUTPUTS,
    shards: { type: "string" },
    "pull-request": { type: "string" },
    author: { type: "string" },
  },
  positionals: ["action", "files..."],
  async run({ action, files = [], ...options }) {
    const act = Object.hasOwn(ACTIONS, String(action)) ? ACTIONS[String(action)] : undefined;
    if (!act)
      throw new UsageError(`report can ${Object.keys(ACTIONS).join(", ")}, not ${action ?? "nothing"}`);
    return act(files as string[], options);
  },
};

const ACTIONS: Readonly<Record<string, (files: string[], options: Options) => number | Promise<number>>> = {
  merge(files, { shards, ...outputs }) {
    const of = shards === undefined ? undefined : numberIn(shards, "shards");
    if (files.length === 0 && of === undefined) throw new UsageError("no files to merge");
    const merged = mergeReports(
      files.flatMap((file) => reportIn(file) ?? []),
      of,
    );
    print(merged, outputs);
    return EXIT_CODES[merged.result];
  },
  due(files) {
    console.log(JSON.stringify(dueIn(theReport(files))));
    return 0;
  },
  async issue(files, { author }) {
    console.log(await tellOf(theReport(files), new GitHub(), author as string | undefined));
    return 0;
  },
  async comment(files, options) {
    const pullRequest = numberIn(options["pull-request"], "pull-request");
    const text = contentOf(single(files)).trim() || NOTHING;
    console.log(await commentOn(new GitHub(), pullRequest, text, options.author as string | undefined));
    return 0;
  },
};

/** A comment from before must not stay as if it were of now. */
const NOTHING = "There is no preview of this version: the workflow run says why.";

function single(files: readonly string[]): string {
  const [file, another] = files;
  if (file !== undefined && another === undefined) return file;
  throw new UsageError(`want one file, not ${files.length}`);
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

function numberIn(given: unknown, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(String(given ?? ""))) return Number(given);
  throw new UsageError(`--${name} is ${JSON.stringify(given ?? "missing")}; want a number from 1`);
}
