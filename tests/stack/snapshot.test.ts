import { formatChanges, useEngineFixture } from "../support/engine-fixture";

const lab = useEngineFixture();

test("a stack that was made before a snapshot goes on after it is loaded", async () => {
  const stack = await lab.stack();
  await stack.up();
  const snapshot = JSON.stringify(lab.twin.snapshot());
  lab.twin.reset();
  lab.twin.restore(JSON.parse(snapshot));
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
});
