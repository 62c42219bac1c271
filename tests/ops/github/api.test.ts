import { upsertComment } from "../../../ops/github/comment";
import { updateDriftIssue } from "../../../ops/github/issue";
import { drifted, startGitHubFixture } from "./github-fixture";

let fixture: Awaited<ReturnType<typeof startGitHubFixture>>;
beforeEach(async () => {
  fixture = await startGitHubFixture();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await fixture.standIn.close();
});

describe("when GitHub refuses a request", () => {
  const pull = () => fixture.standIn.open({ pull_request: {} });

  test.each<[string, number, Record<string, string>, string, number]>([
    ["a limit that says how long", 429, { "retry-after": "7" }, "", 7000],
    ["a secondary limit", 403, { "retry-after": "60" }, "You have exceeded a secondary rate limit", 60_000],
    ["a secondary limit without a time", 403, {}, "You have exceeded a secondary rate limit", 60_000],
    ["a limit without a time", 429, {}, "", 60_000],
  ])("waits for %s, also before a POST", async (_name, status, headers, message, pause) => {
    pull();
    fixture.standIn.faults.push({ method: "POST", status, headers, message });
    await upsertComment(fixture.github, 1, "text");
    expect(fixture.pauses).toEqual([pause]);
    expect(fixture.standIn.issues[0]?.comments).toHaveLength(1);
  });

  test("waits for the reset of a primary limit, or fails with the time if it is too far off", async () => {
    pull();
    const now = Date.parse("2026-01-01T00:00:00Z");
    jest.spyOn(Date, "now").mockReturnValue(now);
    const reset = (seconds: number) => ({
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(now / 1000 + seconds),
    });
    fixture.standIn.faults.push({
      method: "GET",
      status: 403,
      headers: reset(100),
      message: "API rate limit exceeded",
    });
    await upsertComment(fixture.github, 1, "text");
    expect(fixture.pauses).toEqual([100_000]);
    fixture.standIn.faults.push({
      method: "GET",
      status: 403,
      headers: reset(3000),
      message: "API rate limit exceeded",
    });
    await expect(upsertComment(fixture.github, 1, "text")).rejects.toMatchObject({
      message:
        "GitHub refused GET /repos/contoso/access/issues/1/comments, as its rate limit is used up: API rate limit exceeded",
      next: [expect.stringMatching(/^Run it again in 3000 seconds/)],
    });
  });

  test("tries four times with longer pauses when a limit stays", async () => {
    for (let i = 0; i < 5; i++) fixture.standIn.faults.push({ method: "GET", status: 429 });
    await expect(updateDriftIssue(drifted, fixture.github)).rejects.toThrow("rate limit is used up");
    expect(fixture.pauses).toEqual([60_000, 120_000, 240_000]);
  });

  test("repeats a request after a server error, but never a POST", async () => {
    pull();
    fixture.standIn.faults.push({ method: "GET", status: 502 }, { method: "GET", status: 503 });
    await upsertComment(fixture.github, 1, "text");
    fixture.standIn.faults.push({ method: "PATCH", status: 500 });
    await upsertComment(fixture.github, 1, "text");
    expect(fixture.pauses).toEqual([1000, 2000, 1000]);
    fixture.standIn.faults.push({ method: "POST", status: 502, message: "Server Error" });
    await expect(updateDriftIssue(drifted, fixture.github)).rejects.toThrow(
      "GitHub refused POST /repos/contoso/access/issues: 502 Server Error",
    );
    expect(fixture.standIn.issues).toHaveLength(1);
  });

  test.each<[string, () => void, string, string]>([
    [
      "a token without the permission",
      () => {
        fixture.standIn.writes = false;
      },
      "403 Resource not accessible by integration",
      "issues: write",
    ],
    [
      "disabled issues",
      () =>
        fixture.standIn.faults.push({
          method: "POST",
          status: 410,
          message: "Issues has been disabled in this repository.",
        }),
      "410 Issues has been",
      "Enable issues",
    ],
    [
      "a wrong token",
      () => {
        fixture.github = fixture.createClient({ GITHUB_TOKEN: "wrong" });
      },
      "401 Bad credentials",
      "github.token",
    ],
    [
      "a repository that does not exist",
      () => {
        fixture.github = fixture.createClient({ GITHUB_REPOSITORY: "a/b" });
      },
      "404 Not Found",
      "Check that the repository",
    ],
  ])("fails at once with advice: %s", async (_name, prepare, message, advice) => {
    prepare();
    const error = await updateDriftIssue(drifted, fixture.github).catch((e: Error) => e);
    expect(error).toMatchObject({
      message: expect.stringContaining(message),
      next: [expect.stringContaining(advice)],
    });
    expect(String(error)).not.toContain("ghs_");
    expect(fixture.pauses).toEqual([]);
  });

  test("fails for a pull request that does not exist", async () => {
    await expect(upsertComment(fixture.github, 9, "text")).rejects.toThrow("404 Not Found");
  });

  test("tries four times when GitHub is unreachable", async () => {
    await fixture.standIn.close();
    await expect(updateDriftIssue(drifted, fixture.github)).rejects.toThrow(
      /^GitHub is unreachable for GET .*ECONNREFUSED/,
    );
    expect(fixture.pauses).toEqual([1000, 2000, 4000]);
    fixture = await startGitHubFixture();
  });

  test("sends the token to no other host for a next page", async () => {
    for (let i = 0; i < 150; i++) fixture.standIn.open({});
    fixture.standIn.nextHost = "http://127.0.0.1:9";
    await expect(updateDriftIssue(drifted, fixture.github)).rejects.toThrow(
      /^the next page must be on http:\/\/127\.0\.0\.1:\d+; found http:\/\/127\.0\.0\.1:9$/,
    );
  });

  test.each([
    [{ GITHUB_REPOSITORY: "" }, 'GITHUB_REPOSITORY must be <owner>/<name>; found ""'],
    [{ GITHUB_REPOSITORY: "a/b/../c" }, "must be <owner>/<name>"],
    [{ GITHUB_TOKEN: "" }, "GITHUB_TOKEN is required"],
  ])("fails outside of a workflow: %j", (env, message) => {
    expect(() => fixture.createClient(env)).toThrow(message);
  });
});
