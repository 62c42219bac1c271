import { readFileSync } from "node:fs";
import type { Command } from "../command";
import { type DriftReport, EXIT_CODES } from "../drift/report";
import { mergeReports } from "../drift/shards";
import { UsageError, UserError } from "../errors";
import { fromHere } from "../here";
import { OUTPUTS, print } from "./drift";

export const report: Command = {
  usage: `usage: npx entra-access report merge <files...> [--json | --markdown] [--html <file>]

Makes one report of several that npx entra-access drift --json wrote, for example of all shards of a fleet. A shard that
is missing counts as one that could not be told. Exit codes are those of drift.`,
  options: OUTPUTS,
  positionals: ["action", "files..."],
  async run({ action, files, ...outputs }) {
    if (action !== "merge") throw new UsageError(`report can merge, not ${action ?? "nothing"}`);
    if (!files) throw new UsageError("no files to merge");
    const merged = mergeReports((files as string[]).map(reportIn));
    print(merged, outputs);
    return EXIT_CODES[merged.result];
  },
};

function reportIn(file: string): DriftReport {
  let found: DriftReport | undefined;
  try {
    found = JSON.parse(readFileSync(fromHere(file), "utf8"));
  } catch (error) {
    throw new UserError(`${file} could not be read: ${(error as Error).message}`);
  }
  if (found?.schema === "entra-access/drift/1") return found;
  throw new UserError(`${file} is no report of npx entra-access drift --json`, [
    `Its schema is ${found?.schema ?? "missing"}; this version reads entra-access/drift/1.`,
  ]);
}
