import { engineTimeout, type Lab, startLab, told } from "../support/lab";

jest.setTimeout(engineTimeout);

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

test("a stack that was made before a snapshot goes on after it is loaded", async () => {
  const stack = await lab.stack();
  await stack.up();
  const snapshot = JSON.stringify(lab.twin.snapshot());
  lab.twin.reset();
  lab.twin.restore(JSON.parse(snapshot));
  expect(told((await stack.preview()).changes)).toEqual([]);
});
