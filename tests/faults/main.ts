import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startLab } from "../support/lab";
import { EFFECTS, type Effect, nameOf, OPERATIONS, type Operation, type Point } from "./points";
import { describeReport, type Tried } from "./report";
import { type Outcome, Trials } from "./trial";

const USAGE = `usage: npm run test:faults [-- options]

Breaks an up, a rotation and a destroy at each of their requests, in six ways, and brings the stack up again each time.
Writes its table to docs/faults.md.

  --operation <name>  only this one: ${OPERATIONS.join(", ")}
  --shard <i>/<n>     only every n-th point, from the i-th
  --minutes <n>       stops after so long; the table says how far it came
  --sample            a fixed sample of points, in JSON on standard output, and no table`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      operation: { type: "string" },
      shard: { type: "string", default: "1/1" },
      minutes: { type: "string", default: "600" },
      sample: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const directory = mkdtempSync(join(tmpdir(), "entra-access-faults-"));
  const lab = await startLab();
  const started = Date.now();
  const tried: Tried[] = [];
  try {
    const operations = OPERATIONS.filter(
      (name) => values.operation === undefined || name === values.operation,
    );
    const trials = await Trials.prepare(lab, join(directory, "stack"), operations);
    const all = operations.flatMap((operation) => pointsOf(operation, trials));
    const [shard = 1, shards = 1] = values.shard.split("/").map(Number);
    const chosen = values.sample ? SAMPLE : all.filter((_point, index) => index % shards === shard - 1);
    for (const [index, point] of chosen.entries()) {
      if (Date.now() - started > Number(values.minutes) * 60_000) break;
      const outcome = await trials.try(point);
      tried.push({ point, outcome });
      const mark = outcome.problems.length > 0 ? "✗" : outcome.struck ? "✓" : "-";
      if (!values.sample)
        console.log(`${index + 1}/${chosen.length} ${mark} ${nameOf(point)} ${outcome.problems.join("; ")}`);
    }
    const leaks = trials.leaks();
    trials.close();
    if (values.sample) console.log(JSON.stringify({ outcomes: tried.map(named), leaks }));
    else
      writeFileSync(TABLE, describeReport({ tried, of: all.length, version: versionOf(), date: new Date() }));
  } finally {
    await lab.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return tried.every(({ outcome }) => outcome.problems.length === 0) ? 0 : 1;
}

const TABLE = join(__dirname, "../../docs/faults.md");
const versionOf = () => JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")).version;
const named = ({ point, outcome }: { point: Point; outcome: Outcome }) => ({
  name: nameOf(point),
  ...outcome,
});

function pointsOf(operation: Operation, trials: Trials): Point[] {
  return trials
    .requests(operation)
    .flatMap((request) =>
      (Object.keys(EFFECTS) as Effect[]).map((effect) => ({ operation, request, effect })),
    );
}

const graph = (method: string, path: string, occurrence = 1) =>
  ({ service: "graph", method, path: `/v1.0${path}`, occurrence }) as const;
const cloudflare = (method: string, path: string) =>
  ({ service: "cloudflare", method, path: `/client/v4/accounts/*/access${path}`, occurrence: 1 }) as const;

/** What once went wrong, or would be worst: each kind of write, lost before and after it took effect. */
const SAMPLE: readonly Point[] = [
  { operation: "up", request: graph("POST", "/applications"), effect: "reset after" },
  { operation: "up", request: graph("POST", "/applications/*/addPassword"), effect: "kill" },
  { operation: "up", request: cloudflare("POST", "/identity_providers"), effect: "slow" },
  { operation: "rotate", request: graph("POST", "/applications/*/addPassword"), effect: "reset after" },
  { operation: "rotate", request: cloudflare("PUT", "/identity_providers/*"), effect: "kill" },
  { operation: "rotate", request: graph("POST", "/applications/*/removePassword"), effect: "500" },
  { operation: "destroy", request: cloudflare("DELETE", "/identity_providers/*"), effect: "reset after" },
  { operation: "destroy", request: graph("DELETE", "/applications/*"), effect: "kill" },
];

void main().then((code) => process.exit(code));
