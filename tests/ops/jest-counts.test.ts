import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Jest itself, on a folder with these files. */
function jestOn(files: Record<string, string>, ...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "counts-test-"));
  try {
    writeFileSync(join(folder, "package.json"), "{}");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const reporter = join(__dirname, "../../ops/jest-counts.cjs");
    const { stdout, status } = spawnSync(
      process.execPath,
      [require.resolve("jest/bin/jest"), "--rootDir", folder, "--reporters", reporter, "-i", ...options],
      { encoding: "utf8", cwd: folder },
    );
    return { last: stdout.trimEnd().split("\n").at(-1), status };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const passes = 'test("a", () => {}); test("b", () => {});';

test.each<[string, Record<string, string>, string, number]>([
  ["all pass", { "a.test.js": passes }, "2 passed, 0 failed", 0],
  ["one fails", { "a.test.js": `${passes} test("c", () => { throw 1; });` }, "2 passed, 1 failed", 1],
  ["a suite does not run", { "a.test.js": passes, "b.test.js": "nonsense(" }, "2 passed, 1 failed", 1],
  ["all are skipped", { "a.test.js": 'test.skip("a", () => {});' }, "0 passed, 1 failed", 1],
])("%s", (_name, files, last, status) => expect(jestOn(files)).toEqual({ last, status }));
