import { startTwin, type Twin } from "../../../twin/index";
import { TwinClient } from "../client";
import { ACCEPTED } from "./accepted";
import { type Recording, readRecordings, readShapes } from "./recordings";
import { Replayer, seed } from "./replayer";
import { getShape, listDifferences } from "./shape";

const all = readRecordings();
const known = readShapes();
const used = new Set<unknown>();
const problems = new Map<string, string[]>();

let twin: Twin;
let client: TwinClient;

beforeAll(async () => {
  twin = await startTwin({ seed });
  client = new TwinClient(twin);
  for (const recording of all) problems.set(recording.name, await replay(recording));
}, 60_000);
afterAll(async () => {
  await client.close();
  await twin.close();
});

test.each(all.map(({ name }) => name))(
  "%s: every answer has the recorded status, code and properties",
  (name) => {
    expect(problems.get(name)).toEqual([]);
  },
);

test("uses every accepted difference", () => {
  expect(ACCEPTED.map((a) => a.difference).filter((entry) => !used.has(entry))).toEqual([]);
});

/** Replays a recording and lists the differences, one line each. */
async function replay(recording: Recording): Promise<string[]> {
  const replayer = new Replayer(client, all);
  await replayer.start(recording);
  const problems: string[] = [];
  for (const exchange of recording.exchanges) {
    const { status, body } = await replayer.send(exchange);
    const report = (problem: string) => problems.push(`${exchange.n} ${exchange.call}: ${problem}`);
    if (status !== exchange.status) {
      report(`status ${exchange.status} → ${status} ${JSON.stringify(body)?.slice(0, 300)}`);
      continue;
    }
    const code = body?.error?.code ?? body?.errors?.[0]?.code ?? body?.error;
    if (exchange.code !== undefined && code !== exchange.code) report(`code ${exchange.code} → ${code}`);
    const recorded = known.get(exchange.shape ?? "");
    if (recorded === undefined) continue;
    for (const difference of listDifferences(recorded, getShape(body))) {
      const accepted = ACCEPTED.find((a) => a.call.test(exchange.call) && a.difference.test(difference));
      if (accepted) used.add(accepted.difference);
      else report(difference);
    }
  }
  return problems;
}
