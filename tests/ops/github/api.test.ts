import { commentOn } from "../../../ops/github/comment";
import { tellOf } from "../../../ops/github/issue";
import { drifted, startLab } from "./lab";

let lab: Awaited<ReturnType<typeof startLab>>;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await lab.standIn.close();
});

describe("when GitHub refuses", () => {
  const pull = () => lab.standIn.open({ pull_request: {} });

  test.each<[string, number, Record<string, string>, string, number]>([
    ["a limit that says how long", 429, { "retry-after": "7" }, "", 7000],
    ["a secondary limit", 403, { "retry-after": "60" }, "You have exceeded a secondary rate limit", 60_000],
    ["a secondary limit without a time", 403, {}, "You have exceeded a secondary rate limit", 60_000],
    ["a limit without a time", 429, {}, "", 60_000],
  ])("%s is waited for, also before something is made", async (_name, status, headers, message, pause) => {
    pull();
    lab.standIn.faults.push({ method: "POST", status, headers, message });
    await commentOn(lab.github, 1, "text");
    expect(lab.waited).toEqual([pause]);
    expect(lab.standIn.issues[0]?.comments).toHaveLength(1);
  });

  test("a primary limit is waited for until its reset; one that is far off ends it and says when", async () => {
    pull();
    const now = Date.parse("2026-01-01T00:00:00Z");
    jest.spyOn(Date, "now").mockReturnValue(now);
    const reset = (seconds: number) => ({
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(now / 1000 + seconds),
    });
    lab.standIn.faults.push({
      method: "GET",
      status: 403,
      headers: reset(100),
      message: "API rate limit exceeded",
    });
    await commentOn(lab.github, 1, "text");
    expect(lab.waited).toEqual([100_000]);
    lab.standIn.faults.push({
      method: "GET",
      status: 403,
      headers: reset(3000),
      message: "API rate limit exceeded",
    });
    await expect(commentOn(lab.github, 1, "text")).rejects.toMatchObject({
      message:
        "GitHub refused GET /repos/contoso/access/issues/1/comments, its rate limit is used up: API rate limit exceeded",
      next: [expect.stringMatching(/^It wants another 3000 seconds/)],
    });
  });

  test("a limit that stays is asked four times, each longer", async () => {
    for (let i = 0; i < 5; i++) lab.standIn.faults.push({ method: "GET", status: 429 });
    await expect(tellOf(drifted, lab.github)).rejects.toThrow("rate limit is used up");
    expect(lab.waited).toEqual([60_000, 120_000, 240_000]);
  });

  test("errors of its own are tried again where nothing was posted, and never twice where something was", async () => {
    pull();
    lab.standIn.faults.push({ method: "GET", status: 502 }, { method: "GET", status: 503 });
    await commentOn(lab.github, 1, "text");
    lab.standIn.faults.push({ method: "PATCH", status: 500 });
    await commentOn(lab.github, 1, "text");
    expect(lab.waited).toEqual([1000, 2000, 1000]);
    lab.standIn.faults.push({ method: "POST", status: 502, message: "Server Error" });
    await expect(tellOf(drifted, lab.github)).rejects.toThrow(
      "GitHub refused POST /repos/contoso/access/issues: 502 Server Error",
    );
    expect(lab.standIn.issues).toHaveLength(1);
  });

  test.each<[string, () => void, string, string]>([
    [
      "a token without the right",
      () => {
        lab.standIn.writes = false;
      },
      "403 Resource not accessible by integration",
      "issues: write",
    ],
    [
      "issues that are switched off",
      () =>
        lab.standIn.faults.push({
          method: "POST",
          status: 410,
          message: "Issues has been disabled in this repository.",
        }),
      "410 Issues has been",
      "switched off",
    ],
    [
      "a wrong token",
      () => {
        lab.github = lab.as({ GITHUB_TOKEN: "wrong" });
      },
      "401 Bad credentials",
      "github.token",
    ],
    [
      "a repository that is not there",
      () => {
        lab.github = lab.as({ GITHUB_REPOSITORY: "a/b" });
      },
      "404 Not Found",
      "no such repository",
    ],
  ])("%s: no second try, and what to do", async (_name, prepare, said, advice) => {
    prepare();
    const error = await tellOf(drifted, lab.github).catch((e: Error) => e);
    expect(error).toMatchObject({
      message: expect.stringContaining(said),
      next: [expect.stringContaining(advice)],
    });
    expect(String(error)).not.toContain("ghs_");
    expect(lab.waited).toEqual([]);
  });

  test("a pull request that is not there", async () => {
    await expect(commentOn(lab.github, 9, "text")).rejects.toThrow("404 Not Found");
  });

  test("out of reach", async () => {
    await lab.standIn.close();
    await expect(tellOf(drifted, lab.github)).rejects.toThrow(
      /^GitHub is out of reach for GET .*ECONNREFUSED/,
    );
    expect(lab.waited).toEqual([1000, 2000, 4000]);
    lab = await startLab();
  });

  test("a next page on another host does not get the token", async () => {
    for (let i = 0; i < 150; i++) lab.standIn.open({});
    lab.standIn.nextHost = "http://127.0.0.1:9";
    await expect(tellOf(drifted, lab.github)).rejects.toThrow(
      "the next page is on another host: http://127.0.0.1:9",
    );
  });

  test.each([
    [{ GITHUB_REPOSITORY: "" }, 'GITHUB_REPOSITORY is ""'],
    [{ GITHUB_REPOSITORY: "a/b/../c" }, "want <owner>/<name>"],
    [{ GITHUB_TOKEN: "" }, "GITHUB_TOKEN is not set"],
  ])("outside of a workflow: %j", (env, said) => {
    expect(() => lab.as(env)).toThrow(said);
  });
});
