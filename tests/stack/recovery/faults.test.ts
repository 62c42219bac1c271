import { join } from "node:path";
import { formatPoint, OPERATIONS, planRounds, SAMPLE } from "../../faults/points";
import { CORE_STACK, Trials, WHOLE_STACK } from "../../faults/trial";
import { type EngineFixture, startEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";

jest.setTimeout(sized(600_000, 5 * 3_600_000));

let lab: EngineFixture;
let trials: Trials;
beforeAll(async () => {
  lab = await startEngineFixture();
  trials = await Trials.prepare(lab, join(lab.folder, "stack"), OPERATIONS, sized(CORE_STACK, WHOLE_STACK));
});
afterAll(async () => {
  // Undefined where the preparation failed.
  (trials as Trials | undefined)?.close();
  await lab.close();
});

test("up repairs a stack that was interrupted at the worst moments", async () => {
  const requests = new Map(OPERATIONS.map((name) => [name, trials.requests(name)]));
  const points = sized(SAMPLE, planRounds(requests).flat());
  const broken: string[] = [];
  for (const point of points) {
    const { struck, survived, problems } = await trials.try(point);
    if (problems.length > 0) broken.push(`${formatPoint(point)}: ${problems.join("; ")}`);
    // Every fault of the sample occurs and ends the run.
    if (SAMPLE.includes(point) && (!struck || survived)) broken.push(`${formatPoint(point)}: survived`);
  }
  expect(broken).toEqual([]);
  // No secret is in state, history, output, errors or the log of requests either.
  const leaks = trials.leaks();
  expect(leaks.places).toEqual([]);
  expect(leaks.secrets).toBeGreaterThanOrEqual(8);
});
