import { execFile } from "node:child_process";
import { promisify } from "node:util";

jest.setTimeout(600_000);

// In a process of its own: programs that fail leave promises rejected that a test runner takes for its own failures.
test("a stack that is broken at the worst moments is whole again after the next up", async () => {
  const script = require.resolve("../../faults/main");
  const { stdout } = await promisify(execFile)(process.execPath, [
    "-r",
    "ts-node/register",
    script,
    "--sample",
  ]).catch((failed: { stdout: string }) => failed);
  const { outcomes, leaks } = JSON.parse(stdout) as Sample;
  expect(outcomes).toHaveLength(9);
  expect(
    outcomes.filter(({ struck, survived, problems }) => !struck || survived || problems.length > 0),
  ).toEqual([]);
  // Nor does any secret stand in state, history, output, errors or the log of requests after all that.
  expect(leaks.places).toEqual([]);
  expect(leaks.secrets).toBeGreaterThanOrEqual(8);
});

interface Sample {
  outcomes: { name: string; struck: boolean; survived: boolean; problems: string[] }[];
  leaks: { secrets: number; places: string[] };
}
