import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT_FOLDER } from "../ops/stacks";
import { findEngine } from "../ops/tools/engine";
import { findPulumiHome } from "../ops/tools/path";
import { type Fleet, startFleet } from "../tests/fleet/fleet-fixture";
import { installOfficialPlugins } from "../tests/support/official-plugins";
import { describeMachine } from "./measurements";
import { type Consumption, measureCommand } from "./operations/process-tree";
import { listFleetWorks, listHelpWorks, listStackWorks, type Work } from "./operations/scenarios";
import { type Measurement, renderBenchTable, renderGrowth, summarize } from "./operations/table";

const REPORT = join(__dirname, "../docs/performance.md");
/** Stacks per team, so as many share a tenant and an account. */
const PER_TEAM = 4;

/**
 * Measures the operations beside a plain `pulumi preview --refresh`, with the stand-ins as plugins and with the official
 * plugins that are in the Pulumi home, and writes docs/performance.md; `.local/performance.json` has the single rounds too.
 */
export async function measureOperations(args: readonly string[]): Promise<void> {
  const { sizes, rounds } = parseOptions(args);
  const measurements: Measurement[] = [];
  const fleet = await startFleet(Math.ceil(Math.max(...sizes) / PER_TEAM));
  const pulumiHome = `${fleet.envWithPlugins.PULUMI_HOME}-official`;
  const official = installOfficialPlugins(pulumiHome, findPulumiHome(process.env)).join(", ");
  const addOfficial = (works: readonly Work[]) =>
    official
      ? [
          ...works,
          ...works.map((work) => ({ ...work, title: `${work.title}, official ${official}`, pulumiHome })),
        ]
      : works;
  const measure = async (works: readonly Work[], times = rounds) => {
    const added = await measureInTurn(fleet, works, times);
    measurements.push(...added);
    console.log(`${renderBenchTable(added)}\n`);
  };
  try {
    await measure(listHelpWorks());
    const stacks: string[] = [];
    for (const size of sizes) {
      while (stacks.length < size) stacks.push(await deployStack(fleet, stacks.length));
      const [first = ""] = stacks;
      if (size === sizes[0]) await measure(addOfficial(listStackWorks(fleet.projectFolder, first)));
      const works = addOfficial(listFleetWorks(fleet.projectFolder, stacks, availableParallelism()));
      if (size > 1) await measure(works, size > 10 ? 1 : rounds);
    }
  } finally {
    await fleet.close();
  }
  mkdirSync(join(PROJECT_FOLDER, ".local"), { recursive: true });
  const json = JSON.stringify({ machine: describeMachine(), measurements }, undefined, 2);
  writeFileSync(join(PROJECT_FOLDER, ".local/performance.json"), json);
  const report = readFileSync(REPORT, "utf8");
  const tables = `${describeMachine()}\n\n${renderBenchTable(measurements)}\n\n${renderGrowth(measurements)}`;
  const measured = /Measured on\b.*?(?=\n## |$)/s;
  writeFileSync(
    REPORT,
    report.replace(measured, () => tables),
  );
}

function parseOptions(args: readonly string[]): { sizes: number[]; rounds: number } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stacks: { type: "string", default: "1,10" },
      rounds: { type: "string", default: "5" },
    },
  });
  const sizes = values.stacks
    .split(",")
    .map(Number)
    .sort((a, b) => a - b);
  const rounds = Number(values.rounds);
  if (![...sizes, rounds].every((value) => Number.isInteger(value) && value > 0))
    throw new Error("--stacks and --rounds must be whole numbers, for example --stacks 1,10,50 --rounds 5");
  return { sizes, rounds };
}

async function deployStack(fleet: Fleet, index: number): Promise<string> {
  const team = fleet.teams[Math.floor(index / PER_TEAM)];
  if (!team) throw new Error(`no team for stack ${index}`);
  const name = `stack-${index + 1}`;
  await fleet.add(name, team);
  await (await fleet.open(name)).up();
  return name;
}

/** Measures each work several times, one after the other, so that a busy machine slows all of them alike. */
async function measureInTurn(fleet: Fleet, works: readonly Work[], rounds: number): Promise<Measurement[]> {
  const path = [dirname((await findEngine()).command), process.env.PATH].join(delimiter);
  const results = new Map<Work, (Consumption & { graph: number; cloudflare: number })[]>();
  for (let round = 0; round < rounds; round++) {
    for (const work of works) {
      const [program, ...args] = work.command;
      const before = fleet.twin.requests.length;
      const result = await measureCommand(program, args, {
        cwd: PROJECT_FOLDER,
        env: {
          ...process.env,
          ...fleet.envWithPlugins,
          PATH: path,
          NODE: process.execPath,
          PROJECT: fleet.projectFolder,
          ...(work.pulumiHome && { PULUMI_HOME: work.pulumiHome }),
        },
      });
      if (result.exitCode !== (work.exitCode ?? 0))
        throw new Error(`${work.title} ended with exit code ${result.exitCode}:\n${result.output}`);
      const requests = fleet.twin.requests.slice(before);
      const count = (service: string) => requests.filter((one) => one.service === service).length;
      const all = results.get(work) ?? [];
      results.set(work, [...all, { ...result, graph: count("graph"), cloudflare: count("cloudflare") }]);
    }
  }
  return summarize(results);
}
