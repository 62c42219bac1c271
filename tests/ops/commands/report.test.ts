import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../ops/cli";
import type { StackDrift } from "../../../ops/drift/report";
import { commentOn } from "../../../ops/github/comment";
import { declared, drifted, reportWith, startLab } from "../github/lab";

let lab: Awaited<ReturnType<typeof startLab>>;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.standIn.close());
const nothingRefused = () => expect(lab.standIn.refused).toEqual([]);

describe("npx entra-access report", () => {
  let folder: string;
  let out: string;
  let err: string;
  const env = process.env;
  beforeEach(() => {
    out = err = "";
    process.env = { ...env, ...lab.standIn.env };
    folder = mkdtempSync(join(tmpdir(), "report-github-"));
    jest.spyOn(console, "log").mockImplementation((text) => {
      out += text;
    });
    jest.spyOn(console, "error").mockImplementation((text) => {
      err += text;
    });
  });
  afterEach(() => {
    process.env = env;
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, content: string | object) => {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    return join(folder, name);
  };

  test("issue and comment do it, and print where", async () => {
    expect(await main(["report", "issue", file("drift.json", drifted)])).toBe(0);
    expect(out).toBe("opened https://github.test/issues/1");
    out = "";
    expect(await main(["report", "comment", file("preview.md", "### P"), "--pull-request", "1"])).toBe(0);
    expect(out).toBe("https://github.test/comments/100");
    nothingRefused();
  });

  test("a preview that nobody wrote takes the place of the one before", async () => {
    const pull = lab.standIn.open({ pull_request: {} });
    await commentOn(lab.github, 1, "of the version before");
    expect(await main(["report", "comment", file("preview.md", ""), "--pull-request", "1"])).toBe(0);
    expect(pull.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining("There is no preview of this version"),
    ]);
  });

  test("due lists the stacks that an up would rotate and nothing else", async () => {
    const rotation = { number: 1, keyId: "k", dueAt: "", expiresAt: "" };
    const of = (stack: string, result: StackDrift["result"], due: boolean) => ({
      stack,
      result,
      rotation: { ...rotation, due },
    });
    const found = reportWith(
      of("a", "as declared", true),
      of("b", "as declared", false),
      of("c", "drift", true),
      { stack: "d", result: "as declared" },
      {
        ...of("e", "as declared", false),
        identityProviders: { fabrikam: { rotation: { ...rotation, due: true } } },
      },
    );
    expect(await main(["report", "due", file("drift.json", found)])).toBe(0);
    expect(out).toBe('["a","e"]');
  });

  test("merge --shards counts those whose file is empty or missing, even all of them", async () => {
    expect(
      await main([
        "report",
        "merge",
        file("1.json", { ...declared, shard: "1/2" }),
        file("2.json", ""),
        "--shards",
        "2",
        "--json",
      ]),
    ).toBe(1);
    expect(JSON.parse(out).stacks).toMatchObject([
      { stack: "payments" },
      { stack: "shard 2/2", result: "could not tell" },
    ]);
    out = "";
    expect(await main(["report", "merge", "--shards", "2", "--json"])).toBe(1);
    expect(JSON.parse(out).stacks).toMatchObject([{ stack: "shard 1/2" }, { stack: "shard 2/2" }]);
    expect(
      await main(["report", "merge", file("1.json", { ...declared, shard: "1/2" }), "--shards", "3"]),
    ).toBe(1);
    expect(err).toContain("different divisions: 1/2, of 3 shards");
  });

  test.each<[string, () => string[], string]>([
    ["no number", () => ["comment", file("p.md", "x")], "--pull-request is required"],
    [
      "a number that is none",
      () => ["comment", file("p.md", "x"), "--pull-request", "1/../2"],
      "--pull-request must be a whole number from 1 ",
    ],
    ["two files", () => ["issue", "a", "b"], "exactly one file is required; found 2"],
    ["an empty report", () => ["issue", file("d.json", "")], "is empty"],
    ["something else", () => ["due", file("d.json", "{}")], "is no report of"],
    ["shards that are none", () => ["merge", "--shards", "0"], "--shards must be a whole number from 1 "],
  ])("%s: exit code 1, and nothing asked", async (_name, args, said) => {
    expect(await main(["report", ...args()])).toBe(1);
    expect(err).toContain(said);
    expect(lab.standIn.asked).toEqual([]);
  });
});
