import {
  CLEARING_MESSAGE,
  type HistoryEntry,
  readInterruption,
  wasLastRunInterrupted,
} from "../../../../ops/stacks/state/history";

const entry = (kind: string, result: string, message = ""): HistoryEntry => ({ kind, result, message });
const up = entry("update", "succeeded");
const failed = entry("update", "failed");

test.each<[string, HistoryEntry[], boolean]>([
  ["there was no run", [], false],
  ["the newest update succeeded", [up, failed], false],
  ["the newest update failed", [failed, up], true],
  ["a destroy failed", [entry("destroy", "failed"), up], true],
  ["a refresh failed after an update", [entry("refresh", "failed"), up], false],
  ["a refresh succeeded after a failed update", [entry("refresh", "succeeded"), failed], true],
  ["pending creates were cleared", [entry("refresh", "succeeded", CLEARING_MESSAGE), up], true],
  ["the run that asks is listed", [entry("update", "in-progress"), up], false],
  ["only refreshes are on the page", Array(20).fill(entry("refresh", "succeeded")), true],
])("looks at the newest run that changes resources: %s", (_case, history, expected) => {
  expect(wasLastRunInterrupted(history, 20)).toBe(expected);
});

test("reads the history again while a run writes the state, and throws any other error at once", async () => {
  const answers = [
    new Error("error: failed to load checkpoint: EOF"),
    new Error(
      "error: list bucket: blob (code=NotFound): lstat /state/test.json.bak.18ec.tmp: no such file or directory",
    ),
    JSON.stringify([failed]),
  ];
  const runEngine = jest.fn(async (..._args: string[]) => {
    const answer = answers.shift() ?? new Error("error: no stack named test");
    if (answer instanceof Error) throw answer;
    return answer;
  });
  expect(await readInterruption(runEngine, "test")).toBe(true);
  expect(runEngine).toHaveBeenCalledTimes(3);
  await expect(readInterruption(runEngine, "test")).rejects.toThrow("no stack named test");
  expect(runEngine).toHaveBeenCalledTimes(4);
});
