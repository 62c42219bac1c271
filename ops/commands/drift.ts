import { readFileSync, writeFileSync } from "node:fs";
import { defineCommand } from "../command";
import { LiveProgress } from "../drift/live-progress";
import { renderDriftPage } from "../drift/page";
import { DRIFT_EXIT_CODES, type DriftReport } from "../drift/report";
import type { Shard } from "../drift/shards";
import { describeDriftReport, renderDriftMarkdown } from "../drift/text";
import { UsageError } from "../errors";
import { checkFleet, type FleetDriftOptions } from "../fleet/fleet";
import { choosePeopleDetail, FLEET_OPTIONS, PEOPLE_OPTIONS, prepareFleet } from "../fleet/options";
import { listRepairableStacks, repairStacks } from "../fleet/repair";
import { flagOption, jsonOption, type OptionValues, pathOption, textOption } from "../options";
import { confirm } from "../terminal/ask";

/** The output formats of a drift report. */
export const OUTPUT_OPTIONS = {
  json: jsonOption("drift"),
  markdown: flagOption("prints the report for a pull request or an issue"),
  html: pathOption("<file>", "also writes the report as an HTML page"),
};

export const driftCommand = defineCommand({
  description: `Finds drift in one stack or many: differing properties, unmanaged objects and, from the audit logs of Entra and
Cloudflare, who changed them and when. Without --repair it changes neither clouds nor states.
Exit code: 0 in sync, 2 drift, 1 unknown.`,
  options: {
    ...FLEET_OPTIONS,
    ...OUTPUT_OPTIONS,
    shard: {
      ...textOption("<i>/<n>", "checks only part i of n; npx entra-access report merge merges the reports"),
      parse: parseShard,
    },
    ...PEOPLE_OPTIONS,
    repair: flagOption("updates drifted stacks as up does, after a confirmation, and checks them again"),
    yes: flagOption("repairs without confirmation"),
    accepted: pathOption("<file>", "ids of unmanaged objects that are no drift, one per line"),
  },
  async run(options) {
    refuseTwoFormats(options);
    const { shard } = options;
    const people = choosePeopleDetail(options);
    if (options.repair && !options.yes && !process.stdin.isTTY)
      throw new UsageError("--repair must be confirmed, but the input is no terminal. Add --yes");
    const fleet = { accepted: readAcceptedIds(options.accepted), people, ...(await prepareFleet(options)) };
    const { signal } = fleet;
    let report = await showProgress((callbacks) =>
      checkFleet({ ...fleet, ...(shard && { shard }), ...callbacks }),
    );
    const drifted = options.repair && !signal.aborted ? listRepairableStacks(report) : [];
    if (drifted.length > 0 && (options.yes || (await confirmRepair(report, drifted, signal))))
      report = await showProgress((callbacks) => repairStacks(report, drifted, { ...fleet, ...callbacks }));
    if (signal.aborted) return 130;
    printDriftReport(report, options);
    return DRIFT_EXIT_CODES[report.result];
  },
});

type Callbacks = Required<Pick<FleetDriftOptions, "onStack" | "onAccount">>;

async function showProgress(check: (callbacks: Callbacks) => Promise<DriftReport>): Promise<DriftReport> {
  const progress = new LiveProgress();
  const onAccount: Callbacks["onAccount"] = (id, drift) => progress.update(`account ${id}`, drift);
  return check({ onStack: progress.update, onAccount }).finally(() => progress.end());
}

/** Asks on standard error, as standard output is reserved for the report. */
function confirmRepair(
  report: DriftReport,
  drifted: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  console.error(describeDriftReport(report).join("\n"));
  const question =
    `Update ${drifted.join(", ")}? This overwrites changes made in the clouds and deploys settings and due ` +
    "rotations that are not deployed yet.";
  return confirm(question, { input: process.stdin, output: process.stderr }, signal);
}

/** Prints the report on standard output, and writes the HTML page into its file. */
export function printDriftReport(report: DriftReport, options: OptionValues<typeof OUTPUT_OPTIONS>): void {
  refuseTwoFormats(options);
  const { json, markdown, html } = options;
  if (html !== undefined) writeFileSync(html, renderDriftPage(report));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else console.log(markdown ? renderDriftMarkdown(report) : describeDriftReport(report).join("\n"));
}

function refuseTwoFormats({ json, markdown }: OptionValues<typeof OUTPUT_OPTIONS>): void {
  if (json && markdown) throw new UsageError("--json must not be combined with --markdown");
}

function parseShard(text: unknown): Shard | undefined {
  if (text === undefined) return undefined;
  const [index = 0, of = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(String(text)) ?? []).slice(1).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new UsageError(`--shard must be <i>/<n>, for example 1/4; found "${text}"`);
}

function readAcceptedIds(file: string | undefined): string[] {
  if (file === undefined) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
}
