import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { JOB_NAMES } from "../config/deployer/jobs";
import { main } from "../ops/cli";

const root = join(__dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const sourceFolders = readdirSync(root).filter((name) => !/^(node_modules|\.git|\.local)$/.test(name));
const files = sourceFolders.flatMap((name) =>
  statSync(join(root, name)).isDirectory()
    ? readdirSync(join(root, name), { recursive: true }).map((file) => join(name, String(file)))
    : [name],
);
const pages = files.filter((file) => file.endsWith(".md"));

/** The number of lines from which a page in docs/ needs a contents list. */
const LONG = 120;

const withoutCode = (page: string) => read(page).replace(/^ *```.*?^ *```/gms, "");

/** The anchors of a page as GitHub derives them from its headings. */
function listAnchors(page: string): string[] {
  const headings = [...withoutCode(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("documentation", () => {
  test.each(pages)("%s links only to files and headings that exist", (page) => {
    const links = [...withoutCode(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path, anchor]) => {
      const target = path ? normalize(join(dirname(page), path)) : page;
      return !existsSync(join(root, target)) || (anchor && !listAnchors(target).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  const docs = pages.filter((page) => page.startsWith("docs/"));

  test.each(docs)("%s is under 200 lines, with a contents list where it is long", (page) => {
    const text = read(page);
    const lines = text.split("\n").length - 1;
    expect(lines).toBeLessThan(200);
    if (lines <= LONG) return;
    const headings = [...withoutCode(page).matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
    const [introduction = ""] = text.split(/^## /m);
    expect(headings.filter((heading) => !introduction.includes(`- [${heading}](#`))).toEqual([]);
  });

  test("the runbook explains every error with which the twin's Entra and Access keep people out", () => {
    const entra = ["conditional-access/prompt", "provider/provider", "sign-in/interaction"];
    const codes = entra.flatMap(
      (file) => read(`twin/entra/${file}.ts`).match(/\b(?:50|53|70|90)\d{3,5}\b/g) ?? [],
    );
    const words = read("twin/access/errors.ts").match(
      /"(?:Failed|User email|Invalid session|Unable to find your Access)[^".]*/g,
    );
    const runbook = read("docs/runbook.md");
    const shown = [...codes.map((code) => `AADSTS${code}`), ...(words ?? [])];
    expect(shown.length).toBeGreaterThan(15);
    expect(shown.filter((error) => !runbook.includes(error))).toEqual([]);
  });

  test("every page in docs/ can be reached from docs/README.md", () => {
    const reached = new Set(["docs/README.md"]);
    for (const page of reached)
      for (const [, path = ""] of withoutCode(page).matchAll(/\]\((?!https?:)([^)#\s]+\.md)/g)) {
        const target = normalize(join(dirname(page), path));
        if (target.startsWith("docs/")) reached.add(target);
      }
    expect(docs.filter((page) => !reached.has(page))).toEqual([]);
  });

  test("the picture of README.md exists, is small, and is text without scripts", () => {
    const pictures = [...read("README.md").matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
    expect(pictures).toEqual(["docs/images/twin.svg"]);
    const picture = read("docs/images/twin.svg");
    expect(picture.length).toBeLessThan(20_000);
    expect(picture).not.toMatch(/<script|\bon\w+=|https?:\/\/(?!www\.w3\.org)/);
  });

  test.each(["README.md", "CONTRIBUTING.md"])("%s names only files and folders that exist", (page) => {
    const folders = sourceFolders.filter((name) => statSync(join(root, name)).isDirectory()).join("|");
    const paths = [...read(page).matchAll(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, "g"))];
    expect(paths.length).toBeGreaterThan(15);
    const missing = paths.filter(([, path = ""]) => !existsSync(join(root, path)));
    expect(missing.map(([, path]) => path)).toEqual([]);
  });

  test("every page that code refers to exists", () => {
    const sources = files.filter(
      (file) => /\.(ts|mjs|cjs|yml|yaml)$/.test(file) && file !== relative(root, __filename),
    );
    const references = sources.flatMap((file) => read(file).match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect([...new Set(references)].filter((page) => !existsSync(join(root, page)))).toEqual([]);
  });

  test.each([
    ["README.md", "examples/components.ts"],
    ["docs/deployer.md", "examples/deployers.ts"],
  ])("%s shows %s, whose types are checked", (page, example) => {
    expect(read(page)).toContain(`\`\`\`ts\n${read(example)}\`\`\`\n`);
  });

  test.each([
    ["docs/commands/doctor.md", /`--job` names the job that the identity is for: ([^.]+)\./],
    ["docs/glossary.md", /What an identity does with a stack: ([^.]+)\./],
  ])("%s lists every job", (page, list) => {
    const [, names = ""] = list.exec(read(page)) ?? [];
    expect(
      names
        .replace("(the default)", "")
        .match(/\w+/g)
        ?.filter((word) => word !== "or"),
    ).toEqual(JOB_NAMES);
  });

  test("every command has a page or is named in the index", async () => {
    const log = jest.spyOn(console, "log").mockImplementation();
    await main(["--help"]);
    const commands = [...String(log.mock.calls[0]?.[0]).matchAll(/^ {2}([a-z-]+) {2}/gm)].map(
      ([, name]) => name,
    );
    log.mockRestore();
    const index = read("docs/commands/README.md");
    expect(commands.length).toBeGreaterThan(10);
    for (const name of commands) expect(index).toContain(`\`${name}\``);
  });
});
