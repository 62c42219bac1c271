import { updateDriftIssue } from "../../../ops/github/issue";
import { BOT, createReport, drifted, inSync, startGitHubFixture } from "./github-fixture";

let fixture: Awaited<ReturnType<typeof startGitHubFixture>>;
beforeEach(async () => {
  fixture = await startGitHubFixture();
});
afterEach(() => fixture.standIn.close());
const nothingRefused = () => expect(fixture.standIn.refused).toEqual([]);

const DRIFT = "<!-- entra-access:drift -->\n";

describe("the drift issue", () => {
  test("is opened on drift, updated while it lasts, and closed when all stacks are in sync", async () => {
    fixture.standIn.open({ title: "Something else", user: { login: BOT } });
    expect(await updateDriftIssue(drifted, fixture.github)).toBe("opened https://github.test/issues/2");
    expect(await updateDriftIssue(createReport({ cause: "second" }), fixture.github)).toBe(
      "updated https://github.test/issues/2",
    );
    const issue = fixture.standIn.issues[1];
    expect(issue).toMatchObject({
      title: "Drift: 0 of 1 stacks in sync, 1 drifted, 0 could not be checked",
      state: "open",
      labels: ["drift"],
    });
    expect(issue?.body).toMatch(/^<!-- entra-access:drift -->\n### Drift&?.*second.*actions\/runs\/42\)\n$/s);
    expect(issue?.body).not.toContain("first");

    expect(await updateDriftIssue(inSync, fixture.github)).toBe("closed https://github.test/issues/2");
    expect(issue).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(issue?.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^All stacks are in sync again\. \[Workflow run\]\(.*\/42\)$/),
    ]);
    expect(await updateDriftIssue(inSync, fixture.github)).toBe("no issue is open");
    expect(await updateDriftIssue(drifted, fixture.github)).toBe("opened https://github.test/issues/3");
    expect(fixture.standIn.issues.map(({ state }) => state)).toEqual(["open", "closed", "open"]);
    nothingRefused();
  });

  test("is opened for an unknown result, too", async () => {
    expect(
      await updateDriftIssue(createReport({ result: "unknown", cause: "AADSTS1" }), fixture.github),
    ).toMatch(/^opened/);
  });

  test("is found among hundreds of issues, without touching those of others and pull requests", async () => {
    fixture.standIn.open({ body: `${DRIFT}mine`, user: { login: "eve" } });
    fixture.standIn.open({ body: `${DRIFT}a pull request`, user: { login: BOT }, pull_request: {} });
    for (let i = 0; i < 150; i++) fixture.standIn.open({ title: `bug ${i}` });
    await updateDriftIssue(drifted, fixture.github);
    expect(await updateDriftIssue(drifted, fixture.github)).toBe("updated https://github.test/issues/153");
    await updateDriftIssue(inSync, fixture.github);
    const closed = fixture.standIn.issues.filter(({ state }) => state === "closed");
    expect(closed.map(({ number }) => number)).toEqual([153]);
    expect(fixture.standIn.issues.slice(0, 2).map(({ body }) => body)).toEqual([
      `${DRIFT}mine`,
      `${DRIFT}a pull request`,
    ]);
    nothingRefused();
  });

  test("contains no mention, reference, link or HTML from names", async () => {
    const name =
      "@octocat #1 contoso/access#2 [x](https://x.example) www.x.example <img src=x> </details>\n# Title";
    const difference = {
      resource: name,
      type: "t",
      kind: "changed",
      property: "displayName",
      actual: `"${name}"`,
    } as const;
    await updateDriftIssue(createReport({ stack: name, differences: [difference] }), fixture.github);
    const { body = "", title } = fixture.standIn.issues[0] ?? {};
    expect(body.replace(/^.*\n/, "").replace(/\n\[Workflow run\].*$/s, "")).not.toMatch(
      /@|#(?=\d)(?!\d+;)|www\.|https?:|<(?!!-- -->)|[^\\][[\]]|\n# /,
    );
    expect(title).not.toContain("octocat");
  });
});
