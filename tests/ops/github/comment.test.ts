import { commentOn } from "../../../ops/github/comment";
import { bodyOf } from "../../../ops/github/own";
import { BOT, startLab } from "./lab";

let lab: Awaited<ReturnType<typeof startLab>>;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.standIn.close());
const nothingRefused = () => expect(lab.standIn.refused).toEqual([]);

const PREVIEW = "<!-- entra-access:preview -->\n";

describe("the comment on a pull request", () => {
  test("one, which later texts change; other people's stay as they are", async () => {
    const pull = lab.standIn.open({ pull_request: {} });
    lab.standIn.comment(pull, "Looks good");
    expect(await commentOn(lab.github, 1, "first")).toBe("https://github.test/comments/101");
    expect(await commentOn(lab.github, 1, "second")).toBe("https://github.test/comments/101");
    expect(pull.comments.map(({ body }) => body)).toEqual([
      "Looks good",
      `${PREVIEW}second\n\n[Workflow run](https://github.test/contoso/access/actions/runs/42)\n`,
    ]);
    nothingRefused();
  });

  test("it is found on any page", async () => {
    const pull = lab.standIn.open({ pull_request: {} });
    for (let i = 0; i < 230; i++) lab.standIn.comment(pull, `chat ${i}`);
    await commentOn(lab.github, 1, "first");
    for (let i = 0; i < 30; i++) lab.standIn.comment(pull, `chat ${i}`);
    await commentOn(lab.github, 1, "second");
    expect(pull.comments).toHaveLength(261);
    expect(pull.comments[230]?.body).toContain("second");
    expect(lab.standIn.asked.filter((one) => one.startsWith("GET"))).toHaveLength(6);
    nothingRefused();
  });

  test("nobody else's comment is changed because it has the marker, nor one of ours that only quotes it", async () => {
    const pull = lab.standIn.open({ pull_request: {} });
    lab.standIn.comment(pull, `${PREVIEW}mine now`, "eve");
    lab.standIn.comment(pull, `> ${PREVIEW}quoted`, BOT);
    lab.standIn.comment(pull, `${PREVIEW}of another app`, "eve[bot]");
    await commentOn(lab.github, 1, "ours");
    expect(pull.comments.map(({ body }) => body.split("\n")[1])).toEqual([
      "mine now",
      "quoted",
      "of another app",
      "ours",
    ]);
    await commentOn(lab.github, 1, "of that app", "eve[bot]");
    expect(pull.comments[2]?.body).toContain("of that app");
    nothingRefused();
  });
});

test("a text that is too long is cut at a line's end, closes what is open, and says so", async () => {
  const pull = lab.standIn.open({ pull_request: {} });
  const line = `- ${"é".repeat(97)}\n`;
  const long = `### Preview\n<details>\n\n${line.repeat(900)}\n</details>`;
  await commentOn(lab.github, pull.number, long);
  const { body = "" } = pull.comments[0] ?? {};
  expect(body.length).toBeGreaterThan(65_000);
  expect(body).toMatch(
    /é{97}\n\n<\/details>\n\n\*\*This is not all of it\*\*.*\n\n\[Workflow run\]\(.*\)\n$/,
  );
  nothingRefused();
  const fits = "x".repeat(65_536 - bodyOf("m", "", undefined).length);
  expect(bodyOf("m", fits, undefined)).toHaveLength(65_536);
  expect(bodyOf("m", fits, undefined)).not.toContain("not all of it");
});
