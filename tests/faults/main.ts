import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEngineFixture } from "../support/engine-fixture";
import { formatPoint, isWrite, OPERATIONS, planRounds } from "./points";
import { describeFaultReport, type TriedPoint } from "./report";
import { Trials, WHOLE_STACK } from "./trial";

const USAGE = `usage: npm run test:faults [-- options]

Breaks an up, an update, a rotation and a destroy of a stack with every type of resource at each of their requests, in six ways, and deploys the stack again each time.
Writes its table to docs/faults.md.

--operation <name>  only this operation: ${OPERATIONS.join(", ")}
  --writes            only requests that change something
  --shard <i>/<n>     only every n-th round of points, starting with the i-th; a round has all operations and effects
  --minutes <n>       stops after n minutes; the table shows the progress
  --results <file>    file for the outcomes, one per line; points in it are not tried again, but count in the table`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      operation: { type: "string" },
      writes: { type: "boolean", default: false },
      shard: { type: "string", default: "1/1" },
      results: { type: "string" },
      minutes: { type: "string", default: "600" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const directory = mkdtempSync(join(tmpdir(), "entra-access-faults-"));
  const lab = await startEngineFixture();
  const started = Date.now();
  const tried: TriedPoint[] = [];
  try {
    const operations = OPERATIONS.filter(
      (name) => values.operation === undefined || name === values.operation,
    );
    const trials = await Trials.prepare(lab, join(directory, "stack"), operations, WHOLE_STACK);
    const rounds = planRounds(new Map(operations.map((name) => [name, trials.requests(name)])));
    const [shard = 1, shards = 1] = values.shard.split("/").map(Number);
    const part = rounds
      .filter((_round, index) => index % shards === shard - 1)
      .flat()
      .filter(({ request }) => !values.writes || isWrite(request));
    const known = new Set(outcomesIn(values.results).map(({ point }) => formatPoint(point)));
    const chosen = part.filter((point) => !known.has(formatPoint(point)));
    for (const [index, point] of chosen.entries()) {
      if (Date.now() - started > Number(values.minutes) * 60_000) break;
      const outcome = await trials.try(point);
      tried.push({ point, outcome });
      if (values.results) appendFileSync(values.results, `${JSON.stringify({ point, outcome })}\n`);
      const mark = outcome.problems.length > 0 ? "✗" : outcome.struck ? "✓" : "-";
      console.log(
        `${index + 1}/${chosen.length} ${mark} ${formatPoint(point)} ${outcome.problems.join("; ")}`,
      );
    }
    const leaks = trials.leaks();
    trials.close();
    const report = {
      tried: values.results ? outcomesIn(values.results) : tried,
      all: rounds.flat(),
      leaks,
      version: versionOf(),
      date: new Date(),
    };
    writeFileSync(TABLE, describeFaultReport(report));
  } finally {
    await lab.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return tried.every(({ outcome }) => outcome.problems.length === 0) ? 0 : 1;
}

const TABLE = join(__dirname, "../../docs/faults.md");
const versionOf = () => JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")).version;

function outcomesIn(file: string | undefined): TriedPoint[] {
  if (!file || !existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as TriedPoint);
}

void main().then((code) => process.exit(code));
