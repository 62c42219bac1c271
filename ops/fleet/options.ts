import { UsageError } from "../errors";
import { CWD_OPTION, flagOption, numberOption, type OptionValues, restArguments } from "../options";
import type { PeopleDetail } from "../preview/people";
import { createInterruptSignal } from "../terminal/interrupt";
import { Progress } from "../terminal/progress";
import { ensureEngine } from "../tools/engine";
import type { FleetOptions } from "./selection";

/** The options of commands that work on several stacks. */
export const FLEET_OPTIONS = {
  stacks: restArguments("names of stacks; default: the selected stack"),
  all: flagOption("every stack of the project"),
  concurrency: numberOption("stacks at once; default: the number of processors", { min: 1, max: 999 }),
  cwd: CWD_OPTION,
};

/** The options of commands that say who gains and who loses access. */
export const PEOPLE_OPTIONS = {
  people: flagOption("says how many people gain and lose access to each application"),
  names: flagOption("with --people: names them; keep the output out of public places"),
};

/** @throws UsageError where names are asked for alone */
export function choosePeopleDetail({
  people,
  names,
}: OptionValues<typeof PEOPLE_OPTIONS>): PeopleDetail | undefined {
  if (names && !people) throw new UsageError("--names must be combined with --people");
  return names ? "names" : people ? "counts" : undefined;
}

/** Chooses the stacks and finds or installs the engine; progress goes to standard error. */
export async function prepareFleet(options: OptionValues<typeof FLEET_OPTIONS>) {
  const { all, stacks, cwd, concurrency: machine } = options;
  if (all && stacks.length > 0) throw new UsageError("--all must not be combined with names of stacks");
  const signal = createInterruptSignal();
  const engine = await ensureEngine({ progress: new Progress(process.stderr), signal });
  return {
    stacks: all ? "all" : stacks.length > 0 ? stacks : undefined,
    engine,
    signal,
    ...(machine && { limits: { machine } }),
    ...(cwd !== undefined && { projectFolder: cwd }),
  } satisfies FleetOptions;
}
