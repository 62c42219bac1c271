import { join } from "node:path";
import { nameOf, OPERATIONS, roundsOf, SAMPLE } from "../../faults/points";
import { Trials } from "../../faults/trial";
import { type Lab, startLab } from "../../support/lab";
import { sized } from "../../support/size";

jest.setTimeout(sized(600_000, 5 * 3_600_000));

let lab: Lab;
let trials: Trials;
beforeAll(async () => {
  lab = await startLab();
  trials = await Trials.prepare(lab, join(lab.folder, "stack"), OPERATIONS);
});
afterAll(async () => {
  trials.close();
  await lab.close();
});

test("up repairs a stack that was interrupted at the worst moments", async () => {
  const requests = new Map(OPERATIONS.map((name) => [name, trials.requests(name)]));
  const points = sized(SAMPLE, roundsOf(requests).flat());
  const broken: string[] = [];
  for (const point of points) {
    const { struck, survived, problems } = await trials.try(point);
    if (problems.length > 0) broken.push(`${nameOf(point)}: ${problems.join("; ")}`);
    // Every fault of the sample occurs and ends the run.
    if (SAMPLE.includes(point) && (!struck || survived)) broken.push(`${nameOf(point)}: survived`);
  }
  expect(broken).toEqual([]);
  // No secret is in state, history, output, errors or the log of requests either.
  const leaks = trials.leaks();
  expect(leaks.places).toEqual([]);
  expect(leaks.secrets).toBeGreaterThanOrEqual(8);
});
