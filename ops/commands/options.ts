import type { Command } from "../command";
import type { FleetOptions } from "../drift/fleet/selection";
import { UsageError } from "../errors";
import { interruption } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";

type Options = Readonly<Record<string, unknown>>;

/** The options of commands for many stacks. */
export const FLEET_OPTIONS: Command["options"] = {
  all: { type: "boolean" },
  concurrency: { type: "string" },
  cwd: { type: "string", short: "C" },
};

export const FLEET_USAGE = `\
  [stacks...]          default: the one selected with pulumi stack select
  --all                all stacks of the project
  --concurrency <n>    number of concurrent stacks; default: the processors of this machine
  -C, --cwd <folder>   the folder of Pulumi.yaml; default: the current folder`;

/** Parses the options and gets the engine; progress goes to standard error. */
export async function prepareFleet(options: Options) {
  const { all, stacks, cwd } = options;
  if (all && stacks) throw new UsageError("--all must not be combined with names of stacks");
  const machine = parseNumber(options, "concurrency", 1, 999);
  const signal = interruption();
  const engine = await ensureEngine({ progress: new Progress(process.stderr), signal });
  return {
    stacks: all ? "all" : (stacks as string[] | undefined),
    engine,
    signal,
    ...(machine && { limits: { machine } }),
    ...(typeof cwd === "string" && { projectFolder: cwd }),
  } satisfies FleetOptions;
}

/** @throws UsageError if the option is no whole number in this range */
export function parseNumber(options: Options, name: string, min = 1, max = 999_999_999): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(String(text)) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}; found "${text}"`);
}
