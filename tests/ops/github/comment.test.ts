import { composeBody } from "../../../ops/github/body";
import { upsertComment } from "../../../ops/github/comment";
import { BOT, startGitHubFixture } from "./github-fixture";

let fixture: Awaited<ReturnType<typeof startGitHubFixture>>;
beforeEach(async () => {
  fixture = await startGitHubFixture();
});
afterEach(() => fixture.standIn.close());
const nothingRefused = () => expect(fixture.standIn.refused).toEqual([]);

const PREVIEW = "<!-- entra-access:preview -->\n";

describe("the comment on a pull request", () => {
  test("is created once and then updated; comments of others stay unchanged", async () => {
    const pull = fixture.standIn.open({ pull_request: {} });
    fixture.standIn.comment(pull, "Looks good");
    expect(await upsertComment(fixture.github, 1, "first")).toBe("https://github.test/comments/101");
    expect(await upsertComment(fixture.github, 1, "second")).toBe("https://github.test/comments/101");
    expect(pull.comments.map(({ body }) => body)).toEqual([
      "Looks good",
      `${PREVIEW}second\n\n[Workflow run](https://github.test/contoso/access/actions/runs/42)\n`,
    ]);
    nothingRefused();
  });

  test("is found on any page", async () => {
    const pull = fixture.standIn.open({ pull_request: {} });
    for (let i = 0; i < 230; i++) fixture.standIn.comment(pull, `chat ${i}`);
    await upsertComment(fixture.github, 1, "first");
    for (let i = 0; i < 30; i++) fixture.standIn.comment(pull, `chat ${i}`);
    await upsertComment(fixture.github, 1, "second");
    expect(pull.comments).toHaveLength(261);
    expect(pull.comments[230]?.body).toContain("second");
    expect(fixture.standIn.asked.filter((one) => one.startsWith("GET"))).toHaveLength(6);
    nothingRefused();
  });

  test("changes no comment of others that has the marker, and no own one that only quotes it", async () => {
    const pull = fixture.standIn.open({ pull_request: {} });
    fixture.standIn.comment(pull, `${PREVIEW}mine now`, "eve");
    fixture.standIn.comment(pull, `> ${PREVIEW}quoted`, BOT);
    fixture.standIn.comment(pull, `${PREVIEW}of another app`, "eve[bot]");
    await upsertComment(fixture.github, 1, "ours");
    expect(pull.comments.map(({ body }) => body.split("\n")[1])).toEqual([
      "mine now",
      "quoted",
      "of another app",
      "ours",
    ]);
    await upsertComment(fixture.github, 1, "of that app", "eve[bot]");
    expect(pull.comments[2]?.body).toContain("of that app");
    nothingRefused();
  });
});

test("cuts a text that is too long at the end of a line, closes open details, and says so", async () => {
  const pull = fixture.standIn.open({ pull_request: {} });
  const line = `- ${"é".repeat(97)}\n`;
  const long = `### Preview\n<details>\n\n${line.repeat(900)}\n</details>`;
  await upsertComment(fixture.github, pull.number, long);
  const { body = "" } = pull.comments[0] ?? {};
  expect(body.length).toBeGreaterThan(65_000);
  expect(body).toMatch(
    /é{97}\n\n<\/details>\n\n\*\*This text is incomplete\*\*.*\n\n\[Workflow run\]\(.*\)\n$/,
  );
  nothingRefused();
  const fits = "x".repeat(65_536 - composeBody("m", "", undefined).length);
  expect(composeBody("m", fits, undefined)).toHaveLength(65_536);
  expect(composeBody("m", fits, undefined)).not.toContain("incomplete");
});
