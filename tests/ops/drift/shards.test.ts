import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../ops/cli";
import { type DriftReport, type Result, reportOf, type StackDrift } from "../../../ops/drift/report";
import { mergeReports, shardOf } from "../../../ops/drift/shards";

const stacks = Array.from({ length: 103 }, (_, i) => ({ name: `stack-${i}`, account: `account-${i % 25}` }));
const shard = (index: number, of: number, all = stacks) =>
  shardOf(all, ({ account }) => account, { index, of });

test.each([1, 2, 3, 7, 30])(
  "%d shards: each stack is in one, those of an account together, none far larger",
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

test("every machine divides alike, whatever order the backend lists them in", () => {
  const names = (all: typeof stacks) => all.map(({ name }) => name).sort();
  expect(names(shard(2, 3, [...stacks].reverse()))).toEqual(names(shard(2, 3)));
});

const blank = { differences: [], unowned: [], gaps: [] };
const of = (part: string | undefined, ...results: [stack: string, result: Result][]): DriftReport =>
  reportOf(
    results.map(([stack, result]): StackDrift => ({ ...blank, stack, result })),
    [{ accountId: `account of ${results[0]?.[0]}`, result: "as declared", unowned: [], gaps: [] }],
    { checkedAt: `2026-11-0${results.length}T00:00:00Z`, shard: part },
  );
const first = of("1/2", ["b", "as declared"], ["c", "as declared"]);
const second = of("2/2", ["a", "drift"]);

test("all shards together are the report of the fleet", () => {
  const merged = mergeReports([first, second]);
  expect(merged).toEqual({
    ...reportOf([...first.stacks, ...second.stacks], [...first.accounts, ...second.accounts], {
      checkedAt: second.checkedAt,
    }),
  });
  expect(merged.stacks.map(({ stack }) => stack)).toEqual(["a", "b", "c"]);
  expect(merged.result).toBe("drift");
});

test("a shard that is missing is not as declared", () => {
  const merged = mergeReports([first]);
  expect(merged.result).toBe("could not tell");
  expect(merged.stacks).toContainEqual(
    expect.objectContaining({ stack: "shard 2/2", result: "could not tell", cause: expect.any(String) }),
  );
});

test("what does not fit together is refused", () => {
  expect(() => mergeReports([first, first])).toThrow("stack b is in more than one of the reports");
  expect(() => mergeReports([first, of("2/3", ["a", "drift"])])).toThrow("different divisions: 1/2, 2/3");
});

test("of an account that two reports looked at, what one of them found counts", () => {
  const [x, y] = [of(undefined, ["x", "as declared"]), of(undefined, ["y", "as declared"])];
  const account = { accountId: "account of x", result: "drift", unowned: [], gaps: [] } as const;
  const merged = mergeReports([{ ...y, accounts: [account] }, x]);
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

  test("reads files, writes JSON and the page, and ends with the result", async () => {
    const page = join(folder, "page.html");
    const files = [file("1.json", first), file("2.json", second)];
    expect(await main(["report", "merge", ...files, "--json", "--html", page])).toBe(2);
    expect(JSON.parse(out)).toEqual(mergeReports([first, second]));
    expect(readFileSync(page, "utf8")).toContain("<h1>Drift of 3 stacks</h1>");
  });

  test.each<[string, () => string[], string]>([
    ["no file", () => ["merge"], "no files to merge"],
    ["no action", () => [], "the action must be one of merge, due, issue, comment; found nothing"],
    ["a file of something else", () => ["merge", file("x.json", { schema: "y" })], "x.json is no report of"],
    ["no such file", () => ["merge", join(folder, "nobody.json")], "nobody.json could not be read"],
  ])("%s: exit code 1", async (_name, args, said) => {
    expect(await main(["report", ...args()])).toBe(1);
    expect(err).toContain(said);
  });
});
