import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../ops/cli";
import type { StackDrift } from "../../../ops/drift/report";
import { upsertComment } from "../../../ops/github/comment";
import { createReport, drifted, inSync, startGitHubFixture } from "../github/github-fixture";

let fixture: Awaited<ReturnType<typeof startGitHubFixture>>;
beforeEach(async () => {
  fixture = await startGitHubFixture();
});
afterEach(() => fixture.standIn.close());
const nothingRefused = () => expect(fixture.standIn.refused).toEqual([]);

describe("npx entra-access report", () => {
  let folder: string;
  let out: string;
  let err: string;
  const env = process.env;
  beforeEach(() => {
    out = err = "";
    process.env = { ...env, ...fixture.standIn.env };
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

  test("issue and comment write to GitHub and print the address", async () => {
    expect(await main(["report", "issue", file("drift.json", drifted)])).toBe(0);
    expect(out).toBe("opened https://github.test/issues/1");
    out = "";
    expect(await main(["report", "comment", file("preview.md", "### P"), "--pull-request", "1"])).toBe(0);
    expect(out).toBe("https://github.test/comments/100");
    nothingRefused();
  });

  test("an empty preview replaces the previous one", async () => {
    const pull = fixture.standIn.open({ pull_request: {} });
    await upsertComment(fixture.github, 1, "of the version before");
    expect(await main(["report", "comment", file("preview.md", ""), "--pull-request", "1"])).toBe(0);
    expect(pull.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining("There is no preview of this version"),
    ]);
  });

  test("due lists the stacks that are due for rotation, and those whose client secret is unknown", async () => {
    const rotation = { number: 1, keyId: "k", dueAt: "", expiresAt: "" };
    const of = (stack: string, result: StackDrift["result"], due: boolean) => ({
      stack,
      result,
      rotation: { ...rotation, due },
    });
    const found = createReport(
      of("a", "in sync", true),
      of("b", "in sync", false),
      of("c", "drift", true),
      { stack: "d", result: "unknown", cause: "it is locked" },
      {
        ...of("e", "in sync", false),
        identityProviders: { fabrikam: { rotation: { ...rotation, due: true } } },
      },
      { ...of("f", "in sync", false), identityProviders: { fabrikam: {} } },
    );
    expect(await main(["report", "due", file("drift.json", found)])).toBe(0);
    expect(out).toBe('["a","c","e","d","f"]');
    expect(err).toContain("d: unknown: the end of its client secret could not be read: it is locked");
  });

  test("merge --shards counts shards whose file is empty or missing, even all of them", async () => {
    expect(
      await main([
        "report",
        "merge",
        file("1.json", { ...inSync, shard: "1/2" }),
        file("2.json", ""),
        "--shards",
        "2",
        "--json",
      ]),
    ).toBe(1);
    expect(JSON.parse(out).stacks).toMatchObject([
      { stack: "payments" },
      { stack: "shard 2/2", result: "unknown" },
    ]);
    out = "";
    expect(await main(["report", "merge", "--shards", "2", "--json"])).toBe(1);
    expect(JSON.parse(out).stacks).toMatchObject([{ stack: "shard 1/2" }, { stack: "shard 2/2" }]);
    expect(
      await main(["report", "merge", file("1.json", { ...inSync, shard: "1/2" }), "--shards", "3"]),
    ).toBe(1);
    expect(err).toContain("must have the same number of shards; found 1/2 and --shards 3");
  });

  test.each<[string, () => string[], string]>([
    ["no number", () => ["comment", file("p.md", "x")], "--pull-request is required"],
    [
      "an invalid number",
      () => ["comment", file("p.md", "x"), "--pull-request", "1/../2"],
      '--pull-request must be a whole number from 1 to 999999999; found "1/../2"',
    ],
    ["two files", () => ["issue", "a", "b"], "exactly one file is required; found 2"],
    ["an empty report", () => ["issue", file("d.json", "")], "must contain a report; found an empty file"],
    [
      "a file that is no report",
      () => ["due", file("d.json", "{}")],
      "must be a report with schema entra-access/drift/1; found no schema",
    ],
    [
      "an invalid number of shards",
      () => ["merge", "--shards", "0"],
      '--shards must be a whole number from 1 to 999999999; found "0"',
    ],
  ])("returns 1 without a request to GitHub: %s", async (_name, args, message) => {
    expect(await main(["report", ...args()])).toBe(1);
    expect(err).toContain(message);
    expect(fixture.standIn.asked).toEqual([]);
  });
});
