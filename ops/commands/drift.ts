import { readFileSync, writeFileSync } from "node:fs";
import { defineCommand } from "../command";
import { driftOf, type FleetOptions } from "../drift/fleet/fleet";
import { repair, repairable } from "../drift/fleet/repair";
import { Live } from "../drift/live";
import { pageOf } from "../drift/page";
import { type DriftReport, EXIT_CODES } from "../drift/report";
import type { Shard } from "../drift/shards";
import { describeDrift, markdownOf } from "../drift/text";
import { UsageError } from "../errors";
import {
  chooseStacks,
  FLEET_OPTIONS,
  flagOption,
  jsonOption,
  type OptionValues,
  pathOption,
  textOption,
} from "../options";
import { confirm } from "../terminal/ask";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

/** The options that choose the format of a report. */
export const OUTPUTS = {
  json: jsonOption("drift"),
  markdown: flagOption("prints Markdown for a pull request or an issue"),
  html: pathOption("<file>", "also writes the report as a page"),
};

export const drift = defineCommand({
  description: `Reports drift per property in several stacks at once, and unmanaged resources; with time and author, where the audit logs
of Entra and Cloudflare have them. Changes nothing without --repair.
Exit code: 0 in sync, 2 drift, 1 something could not be checked.`,
  options: {
    ...FLEET_OPTIONS,
    ...OUTPUTS,
    shard: {
      ...textOption("<i>/<n>", "checks one part of the stacks; merge the parts with report merge"),
      parse: parseShard,
    },
    repair: flagOption("updates drifted stacks as up does, after a confirmation, and checks again"),
    yes: flagOption("repairs without asking"),
    accepted: pathOption("<file>", "ids of unmanaged resources to ignore, one per line"),
  },
  async run(options) {
    refuseBoth(options);
    const { shard, concurrency: machine } = options;
    const stacks = chooseStacks(options);
    if (options.repair && !options.yes && !process.stdin.isTTY)
      throw new UsageError("--repair asks first, and nobody can answer here: add --yes");
    const signal = createInterruptSignal();
    const engine = await ensureEngine({ progress: new Progress(process.stderr), signal });
    const common = {
      engine,
      signal,
      accepted: idsIn(options.accepted),
      ...(machine && { limits: { machine } }),
      ...(options.cwd !== undefined && { projectFolder: options.cwd }),
    };
    const watched = async (look: (told: Told) => Promise<DriftReport>) => {
      const live = new Live();
      const onAccount: Told["onAccount"] = (id, found) => live.tell(`account ${id}`, found);
      return look({ onStack: live.tell, onAccount }).finally(() => live.end());
    };
    const chosen = { ...common, stacks, ...(shard && { shard }) };
    let report = await watched((told) => driftOf({ ...chosen, ...told }));
    const drifted = options.repair && !signal.aborted ? repairable(report) : [];
    if (drifted.length > 0 && (options.yes || (await confirm(asked(report, drifted), AT_TERMINAL, signal))))
      report = await watched((told) => repair(report, drifted, { ...common, ...told }));
    if (signal.aborted) return 130;
    print(report, options);
    return EXIT_CODES[report.result];
  },
});

type Told = Required<Pick<FleetOptions, "onStack" | "onAccount">>;

/** Standard output is the report's. */
const AT_TERMINAL = { input: process.stdin, output: process.stderr };

/** What there is to know before the answer. */
function asked(report: DriftReport, drifted: readonly string[]): string {
  console.error(describeDrift(report).join("\n"));
  return (
    `Bring up ${drifted.join(", ")}? What was changed in the clouds is overwritten; settings that nobody brought up ` +
    "yet and rotations that are due come with it."
  );
}

/** On standard output, where progress never is; the page into its file. */
export function print(report: DriftReport, options: OptionValues<typeof OUTPUTS>): void {
  refuseBoth(options);
  const { json, markdown, html } = options;
  if (html !== undefined) writeFileSync(html, pageOf(report));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else console.log(markdown ? markdownOf(report) : describeDrift(report).join("\n"));
}

function refuseBoth({ json, markdown }: OptionValues<typeof OUTPUTS>): void {
  if (json && markdown) throw new UsageError("--json must not be combined with --markdown");
}

function parseShard(given: unknown): Shard | undefined {
  if (given === undefined) return undefined;
  const [index = 0, of = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(String(given)) ?? []).slice(1).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new UsageError(`--shard must be <i>/<n>, for example 1/4; found "${given}"`);
}

function idsIn(file: string | undefined): string[] {
  if (file === undefined) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
}
