import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "code-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
  const CodeCache = require(${JSON.stringify(require.resolve("../../ops/start/code-cache.cjs"))});
  const [folder, source] = process.argv.slice(1);
  const cache = new CodeCache(folder);
  try {
    const result = cache.compile(source, ["x"], "/a.js").runInThisContext()(1);
    const [{ isKept: wasKept }] = cache.scripts.values();
    cache.keep();
    console.log(JSON.stringify({ result, wasKept }));
  } catch ({ stack }) {
    console.log(JSON.stringify({ stack }));
  }
`;
const SOURCE = "return x + 1;";

/** Compiles the body of a function in a process of its own, and calls it with 1. */
const compileAndKeep = (source: string, at = folder) =>
  JSON.parse(execFileSync(process.execPath, ["-e", PROGRAM, at, source], { encoding: "utf8" }));

function findFiles(): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

describe("the code cache", () => {
  it("gives the next process the code of the one before", () => {
    expect(compileAndKeep(SOURCE)).toEqual({ result: 2, wasKept: false });
    expect(compileAndKeep(SOURCE)).toEqual({ result: 2, wasKept: true });
  });

  it("compiles anew what has changed, even if it is as long, and replaces the code", () => {
    compileAndKeep(SOURCE);
    expect(compileAndKeep("return x + 2;")).toEqual({ result: 3, wasKept: false });
    expect(compileAndKeep("return x + 2;")).toEqual({ result: 3, wasKept: true });
    expect(findFiles()).toHaveLength(1);
  });

  it.each([
    ["is empty", () => Buffer.alloc(0)],
    ["ends early", (code: Buffer) => code.subarray(0, 40)],
    ["is of another version of V8", (code: Buffer) => Buffer.from(code).fill(7, 32, 48)],
  ])("compiles anew where a file %s", (_what, damage) => {
    compileAndKeep(SOURCE);
    for (const path of findFiles()) writeFileSync(path, damage(readFileSync(path)));
    expect(compileAndKeep(SOURCE)).toEqual({ result: 2, wasKept: false });
    expect(compileAndKeep(SOURCE)).toEqual({ result: 2, wasKept: true });
  });

  it("works where nothing can be written", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(compileAndKeep(SOURCE, file)).toEqual({ result: 2, wasKept: false });
  });

  it("keeps the line numbers of errors", () => {
    expect(compileAndKeep("\nthrow new Error('here');").stack).toContain("/a.js:2:7");
    expect(compileAndKeep("\n)").stack).toContain("/a.js:2\n");
  });
});
