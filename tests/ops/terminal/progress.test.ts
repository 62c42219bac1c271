import { Progress } from "../../../ops/terminal/progress";

// Colors depend on the environment of the tests.
jest.mock("picocolors", () => ({
  createColors: () => jest.requireActual("picocolors").createColors(false),
}));

function recorder(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
  return { written, progress: new Progress(stream as ConstructorParameters<typeof Progress>[0]) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("prints plain lines without a terminal: after one second, then every ten", async () => {
  const { written, progress } = recorder(false);
  const done = progress.step("Building", async (note) => {
    note("12 packages");
    await jest.advanceTimersByTimeAsync(21_500);
  });
  await done;
  expect(written).toEqual([
    "... Building 1 s  12 packages\n",
    "... Building 11 s  12 packages\n",
    "... Building 21 s  12 packages\n",
    "✓ Building (21.5 s)\n",
  ]);
});

test("prints one line for a quick step without a terminal", async () => {
  const { written, progress } = recorder(false);
  expect(await progress.step("Quick", async () => 42)).toBe(42);
  expect(written).toEqual(["✓ Quick (0.0 s)\n"]);
});

test("animates one line at a terminal and replaces it by the result", async () => {
  const { written, progress } = recorder(true);
  await progress.step("Building", () => jest.advanceTimersByTimeAsync(1_250));
  expect(written.length).toBeGreaterThan(10);
  expect(written.slice(0, -1).every((text) => text.startsWith("\r\u001b[2K"))).toBe(true);
  expect(written.at(-1)).toBe("✓ Building (1.3 s)\n");
});

test("marks a failed step, rethrows its error and stops the timer", async () => {
  const { written, progress } = recorder(false);
  await expect(progress.step("Building", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(written).toEqual(["✗ Building (0.0 s)\n"]);
  expect(jest.getTimerCount()).toBe(0);
});
