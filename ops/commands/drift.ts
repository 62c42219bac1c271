import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "../command";
import { driftOf, type FleetOptions } from "../drift/fleet/fleet";
import { repair, repairable } from "../drift/fleet/repair";
import { Live } from "../drift/live";
import { pageOf } from "../drift/page";
import { type DriftReport, EXIT_CODES } from "../drift/report";
import type { Shard } from "../drift/shards";
import { describeDrift, markdownOf } from "../drift/text";
import { UsageError } from "../errors";
import { confirm } from "../terminal/ask";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { resolveUserPath } from "../terminal/user-path";
import { ensureEngine } from "../tools/engine";

/** How a report is put out. */
export const OUTPUTS: Command["options"] = {
  json: { type: "boolean" },
  markdown: { type: "boolean" },
  html: { type: "string" },
};

export const drift: Command = {
  usage: `usage: npx entra-access drift [stacks...] [--all] [--json | --markdown] [--html <file>] [--repair]

What is not as declared, per property, in many stacks at once; what no state knows of; when and by whom, where the
audit logs of Entra and Cloudflare tell. Without --repair it changes neither clouds nor states. Exit code: 0 as declared, 2 drift, 1 could not tell.

  [stacks...]          default: the one that pulumi stack select chose
  --all                every stack of the project
  --json               the report as JSON, schema entra-access/drift/1 (docs/operations.md)
  --markdown           the report for a pull request or an issue
  --html <file>        writes the report as one page as well: the fleet, its secrets in time, what belongs together
  --shard <i>/<n>      only the part that is this machine's: npx entra-access report merge puts the parts together
  --repair             brings drifted stacks up, as npx entra-access up does, and looks again; asks before
  --yes                repairs without asking
  --accepted <file>    ids, one a line, that no stack owns and that are no drift
  --concurrency <n>    stacks at once; default: the processors of this machine
  -C, --cwd <folder>   the folder of Pulumi.yaml; default: this one`,
  options: {
    all: { type: "boolean" },
    ...OUTPUTS,
    shard: { type: "string" },
    repair: { type: "boolean" },
    yes: { type: "boolean" },
    accepted: { type: "string" },
    concurrency: { type: "string" },
    cwd: { type: "string", short: "C" },
  },
  positionals: ["stacks..."],
  async run(options) {
    const stacks = options.stacks as string[] | undefined;
    if (options.all && stacks) throw new UsageError("either --all or names of stacks");
    refuseBoth(options);
    const shard = shardIn(options.shard);
    if (options.repair && !options.yes && !process.stdin.isTTY)
      throw new UsageError("--repair asks first, and nobody can answer here: add --yes");
    const machine = wholeNumber(options.concurrency, "concurrency");
    const signal = createInterruptSignal();
    const engine = await ensureEngine({ progress: new Progress(process.stderr), signal });
    const common = {
      engine,
      signal,
      accepted: idsIn(options.accepted),
      ...(machine && { limits: { machine } }),
      ...(typeof options.cwd === "string" && { projectFolder: options.cwd }),
    };
    const watched = async (look: (told: Told) => Promise<DriftReport>) => {
      const live = new Live();
      const onAccount: Told["onAccount"] = (id, found) => live.tell(`account ${id}`, found);
      return look({ onStack: live.tell, onAccount }).finally(() => live.end());
    };
    const chosen = { ...common, stacks: options.all ? ("all" as const) : stacks, ...(shard && { shard }) };
    let report = await watched((told) => driftOf({ ...chosen, ...told }));
    const drifted = options.repair && !signal.aborted ? repairable(report) : [];
    if (drifted.length > 0 && (options.yes || (await confirm(asked(report, drifted), AT_TERMINAL, signal))))
      report = await watched((told) => repair(report, drifted, { ...common, ...told }));
    if (signal.aborted) return 130;
    print(report, options);
    return EXIT_CODES[report.result];
  },
};

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
export function print(report: DriftReport, options: Readonly<Record<string, unknown>>): void {
  refuseBoth(options);
  const { json, markdown, html } = options;
  if (typeof html === "string") writeFileSync(resolveUserPath(html), pageOf(report));
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else console.log(markdown ? markdownOf(report) : describeDrift(report).join("\n"));
}

function refuseBoth({ json, markdown }: Readonly<Record<string, unknown>>): void {
  if (json && markdown) throw new UsageError("either --json or --markdown");
}

function shardIn(given: unknown): Shard | undefined {
  if (given === undefined) return undefined;
  const [index = 0, of = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(String(given)) ?? []).slice(1).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new UsageError(`--shard is "${given}"; want for example 1/4`);
}

function idsIn(file: unknown): string[] {
  if (typeof file !== "string") return [];
  const lines = readFileSync(resolveUserPath(file), "utf8").split("\n");
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
}

/** @throws UsageError where it is none */
export function wholeNumber(given: unknown, name: string): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(String(given))) return Number(given);
  throw new UsageError(`--${name} is "${given}"; want a number from 1`);
}
