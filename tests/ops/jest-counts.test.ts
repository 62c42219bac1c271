import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs Jest on a folder with these files. */
function jestOn(files: Record<string, string>, ...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "counts-test-"));
  try {
    writeFileSync(join(folder, "package.json"), "{}");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const reporter = join(__dirname, "../../ops/jest-counts.cjs");
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        require.resolve("jest/bin/jest"),
        "--rootDir",
        folder,
        "--cacheDirectory",
        join(folder, "cache"),
        "--reporters",
        reporter,
        "-i",
        ...options,
      ],
      { encoding: "utf8", cwd: folder },
    );
    return { lines: stdout.trimEnd().split("\n"), status };
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
])("%s", (_name, files, last, status) => {
  const run = jestOn(files);
  expect({ last: run.lines.at(-1), status: run.status }).toEqual({ last, status });
});

it("names the ten slowest files before the counts where there are more", () => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}.test.js`);
  const { lines } = jestOn(Object.fromEntries(names.map((name) => [name, passes])));
  expect(lines.slice(-12)).toEqual([
    "The slowest test files, in seconds:",
    ...Array(10).fill(expect.stringMatching(/^ +\d+\.\d {2}\d+\.test\.js$/)),
    "24 passed, 0 failed",
  ]);
});
