import { tellOf } from "../../../ops/github/issue";
import { BOT, declared, drifted, reportWith, startLab } from "./lab";

let lab: Awaited<ReturnType<typeof startLab>>;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.standIn.close());
const nothingRefused = () => expect(lab.standIn.refused).toEqual([]);

const DRIFT = "<!-- entra-access:drift -->\n";

describe("the issue of a drift", () => {
  test("opened, updated while it lasts, closed when all is as declared; then a new one", async () => {
    lab.standIn.open({ title: "Something else", user: { login: BOT } });
    expect(await tellOf(drifted, lab.github)).toBe("opened https://github.test/issues/2");
    expect(await tellOf(reportWith({ cause: "second" }), lab.github)).toBe(
      "updated https://github.test/issues/2",
    );
    const issue = lab.standIn.issues[1];
    expect(issue).toMatchObject({
      title: "Drift: 0 of 1 stacks as declared, 1 drifted, 0 could not be told",
      state: "open",
      labels: ["drift"],
    });
    expect(issue?.body).toMatch(/^<!-- entra-access:drift -->\n### Drift&?.*second.*actions\/runs\/42\)\n$/s);
    expect(issue?.body).not.toContain("first");

    expect(await tellOf(declared, lab.github)).toBe("closed https://github.test/issues/2");
    expect(issue).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(issue?.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^All stacks are as declared again\. \[Workflow run\]\(.*\/42\)$/),
    ]);
    expect(await tellOf(declared, lab.github)).toBe("no issue is open");
    expect(await tellOf(drifted, lab.github)).toBe("opened https://github.test/issues/3");
    expect(lab.standIn.issues.map(({ state }) => state)).toEqual(["open", "closed", "open"]);
    nothingRefused();
  });

  test("what could not be told opens one, too", async () => {
    expect(await tellOf(reportWith({ result: "could not tell", cause: "AADSTS1" }), lab.github)).toMatch(
      /^opened/,
    );
  });

  test("it is found among hundreds; issues of others with the marker and pull requests are left alone", async () => {
    lab.standIn.open({ body: `${DRIFT}mine`, user: { login: "eve" } });
    lab.standIn.open({ body: `${DRIFT}a pull request`, user: { login: BOT }, pull_request: {} });
    for (let i = 0; i < 150; i++) lab.standIn.open({ title: `bug ${i}` });
    await tellOf(drifted, lab.github);
    expect(await tellOf(drifted, lab.github)).toBe("updated https://github.test/issues/153");
    await tellOf(declared, lab.github);
    const closed = lab.standIn.issues.filter(({ state }) => state === "closed");
    expect(closed.map(({ number }) => number)).toEqual([153]);
    expect(lab.standIn.issues.slice(0, 2).map(({ body }) => body)).toEqual([
      `${DRIFT}mine`,
      `${DRIFT}a pull request`,
    ]);
    nothingRefused();
  });

  test("names of stacks and things become no mention, reference, link or HTML", async () => {
    const name =
      "@octocat #1 contoso/access#2 [x](https://x.example) www.x.example <img src=x> </details>\n# Title";
    const difference = {
      resource: name,
      type: "t",
      kind: "changed",
      property: "displayName",
      found: `"${name}"`,
    } as const;
    await tellOf(reportWith({ stack: name, differences: [difference] }), lab.github);
    const { body = "", title } = lab.standIn.issues[0] ?? {};
    expect(body.replace(/^.*\n/, "").replace(/\n\[Workflow run\].*$/s, "")).not.toMatch(
      /@|#(?=\d)(?!\d+;)|www\.|https?:|<(?!!-- -->)|[^\\][[\]]|\n# /,
    );
    expect(title).not.toContain("octocat");
  });
});
