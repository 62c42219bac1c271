import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../support/engine-fixture";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
beforeAll(async () => {
  lab = await startEngineFixture();
});
afterAll(() => lab.close());

test("a stack that was made before a snapshot goes on after it is loaded", async () => {
  const stack = await lab.stack();
  await stack.up();
  const snapshot = JSON.stringify(lab.twin.snapshot());
  lab.twin.reset();
  lab.twin.restore(JSON.parse(snapshot));
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});
