import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureActionlint } from "../../scripts/dev-tools/actionlint";
import { FOLDER, readWorkflow, WORKFLOWS } from "./workflow";

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

/** Lints a workflow without shellcheck and pyflakes, which not every machine has. */
function lint(name: string, text: string): string[] {
  writeFileSync(join(folder, ".github/workflows", name), text);
  const { stdout } = spawnSync(
    command,
    ["-shellcheck=", "-pyflakes=", "-no-color", "-oneline", `.github/workflows/${name}`],
    { cwd: folder, encoding: "utf8" },
  );
  return stdout.split("\n").filter((line) => line !== "");
}

test("covers all workflows", () => {
  expect(WORKFLOWS).toEqual([
    "drift.yml",
    "long.yml",
    "preview.yml",
    "rotate.yml",
    "supply-chain.yml",
    "test.yml",
    "up.yml",
    "upgrade.yml",
  ]);
});

test.each(WORKFLOWS)("%s passes actionlint", (file) => {
  expect(lint(file, readWorkflow(file))).toEqual([]);
});

test.each([
  ["an unknown event", "pull_request:", "pull_requests:", 'unknown Webhook event "pull_requests"'],
  ["a misspelled key", "runs-on:", "run-on:", '"runs-on" section is missing'],
  ["an expression of an unknown step", "github.ref", "steps.nobody.outcome", '"steps" is not allowed'],
])("finds %s", (_name, good, bad, finding) => {
  const text = readWorkflow("test.yml");
  expect(text).toContain(good);
  expect(lint("broken.yml", text.replace(good, bad)).join("\n")).toContain(finding);
});
