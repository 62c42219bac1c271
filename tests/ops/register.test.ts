import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const SDK = `const pulumi = require(${JSON.stringify(join(ROOT, "node_modules/@pulumi/pulumi"))});`;
const LOADED = `Object.keys(require.cache).some((path) => /node_modules.(typescript|@npmcli.arborist)./.test(path))`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "register-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program with ops/register.cjs. */
function run(program: string, { at = folder, options = [] as string[], env = {} } = {}) {
  const file = join(at, "program.ts");
  writeFileSync(file, program);
  const args = [...options, "-r", join(ROOT, "ops/register.cjs"), file];
  return spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } });
}

test("runs TypeScript, and its new version after a change", () => {
  expect(run("enum A { B = 3 }\nconsole.log(A.B as number);")).toMatchObject({ stdout: "3\n", stderr: "" });
  expect(run("enum A { B = 4 }\nconsole.log(A.B as number);")).toMatchObject({ stdout: "4\n", stderr: "" });
});

test.each([1, 2])("an error has the line of the source, compiled or from the cache: run %d", () => {
  const { stderr } = run(
    "interface Gone {\n  a: 1;\n}\n\nfunction fails(): never {\n  throw new Error('x');\n}\nfails();",
  );
  expect(stderr).toContain("program.ts:6:9");
});

test("frames of packages have the lines of their JavaScript, whose source maps are not read", () => {
  const { stdout } = run(`${SDK}
    try {
      pulumi.output(1).get();
    } catch ({ stack }) {
      console.log(stack);
    }`);
  expect(stdout).toMatch(/@pulumi.pulumi.output\.js:\d+:\d+\)\n/);
  expect(stdout).toContain("program.ts:3:24");
});

test.each([
  ["without a stack trace", {}, /^$/],
  [
    "with a stack trace where PULUMI_DEBUG_PROMISE_LEAKS is set",
    { PULUMI_DEBUG_PROMISE_LEAKS: "1" },
    /program\.ts:4:/,
  ],
])("the SDK keeps promises %s", (_how, env, trace) => {
  const { stdout } = run(
    `const sdk = ${JSON.stringify(join(ROOT, "node_modules/@pulumi/pulumi"))};
    const { debuggablePromise } = require(\`\${sdk}/runtime/debuggable\`);
    const promise: { _debugStackTrace?: string } & Promise<void> = Promise.resolve();
    debuggablePromise(promise);
    console.log(JSON.stringify(promise._debugStackTrace));`,
    { env },
  );
  expect(JSON.parse(stdout)).toMatch(trace);
});

test("compiles no module of the project that an earlier process has compiled", () => {
  const program = `
    const vm = require("node:vm");
    const rejected = [];
    vm.Script = class extends vm.Script {
      constructor(...args) {
        super(...args);
        rejected.push(this.cachedDataRejected);
      }
    };
    require("./ops/register.cjs");
    require("./ops/days.ts");
    console.log(JSON.stringify({ rejected, keeps: !require("node:module").enableCompileCache }));`;
  const start = () => JSON.parse(execFileSync(process.execPath, ["-e", program], { cwd: ROOT }).toString());
  start();
  const { rejected, keeps } = start();
  expect(rejected).toEqual(keeps ? [false] : []);
});

test("loads the SDK without the compiler and Arborist until a function is serialized", () => {
  // To serialize one, the SDK loads every module of Node.js, and some of 26 warn that they are experimental.
  const { stdout, stderr } = run(
    `${SDK}
    console.log(${LOADED});
    const three = 3;
    pulumi.runtime.serializeFunction(() => three).then(({ text }: { text: string }) => console.log(text, ${LOADED}));`,
    { options: ["--disable-warning=ExperimentalWarning"] },
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^false\n/);
  expect(stdout).toMatch(/three: 3[\s\S]*\btrue\n$/);
});

test("requires a package of ES modules", () => {
  const { stdout, stderr } = run(
    `console.log(typeof require(${JSON.stringify(require.resolve("jose"))}).SignJWT);`,
  );
  expect({ stdout, stderr }).toEqual({ stdout: "function\n", stderr: "" });
});

test.each([
  ["of the project", () => mkdtempSync(join(ROOT, "node_modules/.cache/register-test-"))],
  ["elsewhere", () => mkdtempSync(join(folder, "elsewhere-"))],
])("a module %s can import an ES module on demand", (_where, create) => {
  const at = create();
  try {
    writeFileSync(join(at, "module.mjs"), "export const one = await Promise.resolve(1);");
    const program = "import('./module.mjs').then(({ one }) => console.log(one));";
    expect(run(program, { at })).toMatchObject({ stdout: "1\n", stderr: "" });
  } finally {
    rmSync(at, { recursive: true });
  }
});
