import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureActionlint } from "../../ops/tools/actionlint";
import { FOLDER, textOf, WORKFLOWS } from "./workflow";

let command: string;
let folder: string;
beforeAll(async () => {
  command = await ensureActionlint();
  folder = mkdtempSync(join(tmpdir(), "actionlint-"));
  execFileSync("git", ["init", "-q", folder]);
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
  cpSync(join(FOLDER, "actions"), join(folder, ".github/actions"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it says of a file; shellcheck and pyflakes, which a machine may have or not, are left out. */
function said(name: string, text: string): string[] {
  writeFileSync(join(folder, ".github/workflows", name), text);
  const { stdout } = spawnSync(
    command,
    ["-shellcheck=", "-pyflakes=", "-no-color", "-oneline", `.github/workflows/${name}`],
    { cwd: folder, encoding: "utf8" },
  );
  return stdout.split("\n").filter((line) => line !== "");
}

test("all workflows are looked at", () => {
  expect(WORKFLOWS).toEqual(["drift.yml", "long.yml", "preview.yml", "rotate.yml", "test.yml", "up.yml"]);
});

test.each(WORKFLOWS)("%s has nothing that actionlint finds", (file) => {
  expect(said(file, textOf(file))).toEqual([]);
});

test.each([
  ["an event that there is not", "pull_request:", "pull_requests:", 'unknown Webhook event "pull_requests"'],
  ["a misspelt key", "runs-on:", "run-on:", '"runs-on" section is missing'],
  [
    "an expression of a step that there is not",
    "github.ref",
    "steps.nobody.outcome",
    '"steps" is not allowed',
  ],
])("%s is found", (_name, good, bad, finding) => {
  const text = textOf("test.yml");
  expect(text).toContain(good);
  expect(said("broken.yml", text.replace(good, bad)).join("\n")).toContain(finding);
});
