import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../ops/cli";
import {
  createDriftReport,
  type DriftReport,
  type DriftResult,
  type StackDrift,
} from "../../../ops/drift/report";
import { mergeDriftReports, selectShard } from "../../../ops/drift/shards";

const stacks = Array.from({ length: 103 }, (_, i) => ({ name: `stack-${i}`, account: `account-${i % 25}` }));
const shard = (index: number, of: number, all = stacks) =>
  selectShard(all, ({ account }) => account, { index, of });

test.each([1, 2, 3, 7, 30])(
  "%d shards: each stack is in one, the stacks of an account are together, and the sizes are similar",
  (of) => {
    const shards = Array.from({ length: of }, (_, i) => shard(i + 1, of));
    expect(
      shards
        .flat()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(stacks.map(({ name }) => name).sort());
    for (const { account } of stacks)
      expect(shards.filter((one) => one.some((stack) => stack.account === account))).toHaveLength(1);
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(5);
  },
);

test("divides the stacks independently of their order", () => {
  const names = (all: typeof stacks) => all.map(({ name }) => name).sort();
  expect(names(shard(2, 3, [...stacks].reverse()))).toEqual(names(shard(2, 3)));
});

const blank = { differences: [], unmanaged: [], unchecked: [] };
const of = (part: string | undefined, ...results: [stack: string, result: DriftResult][]): DriftReport =>
  createDriftReport(
    results.map(([stack, result]): StackDrift => ({ ...blank, stack, result })),
    [{ accountId: `account of ${results[0]?.[0]}`, result: "in sync", unmanaged: [], unchecked: [] }],
    { checkedAt: `2026-11-0${results.length}T00:00:00Z`, shard: part },
  );
const first = of("1/2", ["b", "in sync"], ["c", "in sync"]);
const second = of("2/2", ["a", "drift"]);

test("merges the reports of all shards", () => {
  const merged = mergeDriftReports([first, second]);
  expect(merged).toEqual({
    ...createDriftReport([...first.stacks, ...second.stacks], [...first.accounts, ...second.accounts], {
      checkedAt: second.checkedAt,
    }),
  });
  expect(merged.stacks.map(({ stack }) => stack)).toEqual(["a", "b", "c"]);
  expect(merged.result).toBe("drift");
});

test("a missing shard is unknown", () => {
  const merged = mergeDriftReports([first]);
  expect(merged.result).toBe("unknown");
  expect(merged.stacks).toContainEqual(
    expect.objectContaining({ stack: "shard 2/2", result: "unknown", cause: expect.any(String) }),
  );
});

test("refuses reports that contradict each other", () => {
  expect(() => mergeDriftReports([first, first])).toThrow("stack b must be in only one of the reports");
  expect(() => mergeDriftReports([first, of("2/3", ["a", "drift"])])).toThrow(
    "must have the same number of shards; found 1/2, 2/3",
  );
});

test("drift of an account in one of two reports counts", () => {
  const [x, y] = [of(undefined, ["x", "in sync"]), of(undefined, ["y", "in sync"])];
  const account = { accountId: "account of x", result: "drift", unmanaged: [], unchecked: [] } as const;
  const merged = mergeDriftReports([{ ...y, accounts: [account] }, x]);
  expect(merged.accounts).toEqual([account]);
});

describe("report merge", () => {
  let folder: string;
  let out: string;
  let err: string;
  beforeEach(() => {
    out = err = "";
    folder = mkdtempSync(join(tmpdir(), "report-merge-"));
    jest.spyOn(console, "log").mockImplementation((text) => {
      out += text;
    });
    jest.spyOn(console, "error").mockImplementation((text) => {
      err += text;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };

  test("reads files, writes JSON and the page, and returns the exit code of the result", async () => {
    const page = join(folder, "page.html");
    const files = [file("1.json", first), file("2.json", second)];
    expect(await main(["report", "merge", ...files, "--json", "--html", page])).toBe(2);
    expect(JSON.parse(out)).toEqual(mergeDriftReports([first, second]));
    expect(readFileSync(page, "utf8")).toContain("<h1>Drift of 3 stacks</h1>");
  });

  test.each<[string, () => string[], string]>([
    ["no file", () => ["merge"], "merge requires at least one file"],
    ["no action", () => [], "the action must be one of merge, due, issue, comment; found nothing"],
    [
      "a file of something else",
      () => ["merge", file("x.json", { schema: "y" })],
      "x.json must be a report with schema entra-access/drift/1; found y",
    ],
    ["no such file", () => ["merge", join(folder, "nobody.json")], "nobody.json could not be read"],
  ])("%s: exit code 1", async (_name, args, message) => {
    expect(await main(["report", ...args()])).toBe(1);
    expect(err).toContain(message);
  });
});
