import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

// A checkout of its own: start.mjs with its folder, a lockfile of two packages, and an npm that does what the test says.
let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
  for (const path of ["ops/start.mjs", "ops/start"])
    cpSync(join(__dirname, "../..", path), join(checkout, path), { recursive: true });
  // Takes TypeScript for JavaScript.
  put("ops/register.cjs", "require.extensions['.ts'] = require.extensions['.js'];");
  put("ops/cli.ts", "exports.main = async (args) => { console.log('ran', args.join(' ')); return 7; };");
  put("scripts/dev-tools/main.ts", "");
  put("package.json", { engines: { node: ">=20.19" } });
  put("package-lock.json", { packages: LOCKED });
  npm("mkdir node_modules; cp package-lock.json node_modules/.package-lock.json");
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const LOCKED = {
  "": { name: "x" },
  "node_modules/a": { version: "1.0.0" },
  "node_modules/other-platform": { version: "1.0.0", optional: true },
};
const INSTALLED = { "node_modules/a": { version: "1.0.0" } };

function put(path: string, content: string | object): string {
  const file = join(checkout, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** Replaces `npm ci` by a script. */
function npm(script: string, ping = "exit 0") {
  chmodSync(
    put("bin/npm", `#!/bin/sh\n[ $1 = ping ] && { ${ping}; }\necho "$@" > npm-was-called\n${script}\n`),
    0o755,
  );
}

function bootstrap(...args: string[]) {
  const env = { PATH: `${join(checkout, "bin")}:/usr/bin:/bin` };
  const done = spawnSync(process.execPath, [join(checkout, "ops/start.mjs"), ...args], {
    env,
    encoding: "utf8",
  });
  const called = existsSync(join(checkout, "npm-was-called"));
  return { ...done, npm: called ? readFileSync(join(checkout, "npm-was-called"), "utf8").trim() : undefined };
}

test("starts the program without installing when the packages match the lockfile", () => {
  put("node_modules/.package-lock.json", { packages: INSTALLED });
  const run = bootstrap("local", "--once");
  expect(run).toMatchObject({ status: 7, stdout: "ran local --once\n", stderr: "" });
  expect(run.npm).toBeUndefined();
});

test("installs the packages of the lockfile when there are none", () => {
  const run = bootstrap("ops", "engine");
  expect(run.npm).toMatch(/^ci /);
  expect(run.stdout).toMatch(/^Installing the packages .*\nPackages installed in \d+ s\nran engine\n$/);
});

describe("after npm ci --omit=dev", () => {
  const dev = { "node_modules/jest": { version: "1.0.0", dev: true } };
  beforeEach(() => {
    put("package-lock.json", { packages: { ...LOCKED, ...dev } });
    put("node_modules/.package-lock.json", { packages: INSTALLED });
  });

  test.each(["up", "verify", "engine"])("ops %s installs nothing", (command) => {
    expect(bootstrap("ops", command)).toMatchObject({ status: 7, npm: undefined });
  });

  test.each([["ops", "local"], ["ops", "twin"], ["local"]])("%s %s installs the rest", (...args) => {
    expect(bootstrap(...args)).toMatchObject({ status: 7, npm: expect.stringContaining("--include=dev") });
  });

  test("another version of a package is installed again", () => {
    put("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "0.9.0" } } });
    expect(bootstrap("ops", "up").npm).not.toContain("--include=dev");
  });
});

test.each([
  ["another version", JSON.stringify({ packages: { "node_modules/a": { version: "0.9.0" } } })],
  ["a package missing", JSON.stringify({ packages: {} })],
  ["an install that was cut off", '{"packages":'],
])("installs again after %s", (_name, content) => {
  put("node_modules/.package-lock.json", content);
  expect(bootstrap("ops").npm).toMatch(/^ci /);
});

describe("with a link as node_modules", () => {
  const link = () => {
    put("shared/a/index.js", "");
    symlinkSync("shared", join(checkout, "node_modules"));
  };

  it("installs nothing where the packages behind it differ, because npm ci would empty that folder", () => {
    link();
    const { status, stderr, npm } = bootstrap("ops", "up");
    expect({ status, npm }).toEqual({ status: 1, npm: undefined });
    expect(stderr).toMatch(
      /^error: node_modules must be a folder of this checkout; found a link to shared\n.*\n {2}Remove the link and run the command again: rm .*node_modules\n$/,
    );
    expect(existsSync(join(checkout, "shared/a/index.js"))).toBe(true);
  });

  it("refuses a link to a folder that is gone as well", () => {
    link();
    rmSync(join(checkout, "shared"), { recursive: true });
    expect(bootstrap("ops", "up").stderr).toContain("found a link to shared");
  });

  it("starts the program where the packages behind it match the lockfile", () => {
    link();
    put("shared/.package-lock.json", { packages: INSTALLED });
    expect(bootstrap("ops", "up")).toMatchObject({ status: 7, npm: undefined });
  });
});

test.each([
  [
    "ENOTFOUND",
    "npm error request to https://registry.test/a failed",
    "the npm registry https://registry.test is out of reach",
  ],
  ["ENOSPC", "npm error nospc", "the disk is full"],
  ["EACCES", "npm error path /x", "npm has no write permission"],
  ["EUSAGE", "npm error sync", "package-lock.json must match package.json"],
  ["EINTEGRITY", "npm error sha512", "a package does not match its checksum in package-lock.json"],
  ["EWHATEVER", "npm error 42", "npm ci failed with 1"],
])("when npm fails with %s, reports the cause first and npm's messages after it", (code, said, cause) => {
  npm(`echo "npm error code ${code}" >&2; echo "${said}" >&2; exit 1`);
  const { status, stderr } = bootstrap("ops");
  expect(status).toBe(1);
  const [first, ...rest] = stderr.split("\n");
  expect(first).toContain(`error: packages could not be installed: ${cause}`);
  expect(rest.join("\n")).toContain(`npm: ${said.replace("npm error ", "")}`);
  expect(stderr).not.toContain("    at ");
});

const NO_REGISTRY =
  'echo "npm error code ENOTFOUND" >&2; echo "npm error request to https://registry.test/- failed" >&2; exit 1';

test("installs from npm's cache without a registry", () => {
  npm("mkdir node_modules; cp package-lock.json node_modules/.package-lock.json", NO_REGISTRY);
  expect(bootstrap("ops")).toMatchObject({ status: 7, npm: expect.stringContaining("--offline") });
});

test("reports the registry as the cause when the cache is empty too", () => {
  npm('echo "npm error code ENOTCACHED" >&2; exit 1', NO_REGISTRY);
  const { stderr } = bootstrap("ops");
  expect(stderr).toContain("the npm registry https://registry.test is out of reach");
  expect(stderr).not.toContain("ENOTCACHED");
});

test("reports a missing npm", () => {
  rmSync(join(checkout, "bin/npm"));
  const node = join(checkout, "bin/node");
  cpSync(process.execPath, node);
  const done = spawnSync(node, [join(checkout, "ops/start.mjs"), "ops"], {
    env: { PATH: join(checkout, "bin") },
    encoding: "utf8",
  });
  expect(done.stderr).toMatch(/^error: packages could not be installed: npm must be on PATH\n/);
});

test("refuses a Node.js that is too old before anything else", () => {
  put("package.json", { engines: { node: ">=999.0" } });
  const run = bootstrap("ops");
  expect(run.stderr).toMatch(/^error: Node.js must be 999.0 or later; found /);
  expect(run).toMatchObject({ status: 1, npm: undefined });
});

test.each(["nothing", "toString"])("lists the programs for the unknown program %s", (name) => {
  const run = bootstrap(name);
  expect(run.stderr).toMatch(/^error: unknown program .*\n {2}Programs: local, twin, ops, packages, lint/);
  expect(run.status).toBe(1);
});

describe("npm test", () => {
  const check = (path: string, code: number, says = "") =>
    put(`node_modules/${path}`, `console.log(${JSON.stringify(says)}); process.exitCode = ${code};`);
  beforeEach(() => {
    put("node_modules/.package-lock.json", { packages: INSTALLED });
    check("@biomejs/biome/bin/biome", 0, "linted");
    check("typescript-native/bin/tsc", 0, "typed");
    put(
      "node_modules/jest/bin/jest.js",
      "console.log(process.argv.slice(2).join(' ')); process.exitCode = 3;",
    );
  });

  it("runs Jest with its arguments once lint and types have passed, and ends with its exit code", () => {
    const run = bootstrap("test", "tests/ops");
    expect(run.stdout).toMatch(/(lint|types): passed\n.*(lint|types): passed\n.*tests\/ops\n/s);
    expect(run.status).toBe(3);
  });

  it("installs the engine and the tools of the tests while Jest runs, which can tell", () => {
    const waitFor = (file: string) =>
      `await new Promise((done) => { const look = () => require("fs").existsSync(${JSON.stringify(join(checkout, file))}) ? done() : setImmediate(look); look(); });`;
    // The engine comes once Jest runs, and Jest ends once the other tools are there.
    put(
      "ops/cli.ts",
      `exports.main = async ([tool]) => { ${waitFor("jest-runs")} console.log("installed", tool); };`,
    );
    put(
      "scripts/dev-tools/main.ts",
      `console.log("installed", process.argv.slice(2).join() || "all tools");
       require("fs").writeFileSync(${JSON.stringify(join(checkout, "all-there"))}, "");`,
    );
    put(
      "node_modules/jest/bin/jest.js",
      `void (async () => {
        const { existsSync, writeFileSync } = require("fs");
        const marker = process.env.ENTRA_ACCESS_INSTALLING;
        console.log("installing:", existsSync(marker));
        writeFileSync(${JSON.stringify(join(checkout, "jest-runs"))}, "");
        ${waitFor("all-there")}
        while (existsSync(marker)) await new Promise(setImmediate);
        console.log("installed all");
      })();`,
    );
    const { stdout, status } = bootstrap("test");
    expect({ status, lines: stdout.split("\n").filter((line) => line.startsWith("install")) }).toEqual({
      status: 0,
      lines: ["installing: true", "installed engine", "installed all tools", "installed all"],
    });
  });

  it.each([
    ["lint", "@biomejs/biome/bin/biome"],
    ["types", "typescript-native/bin/tsc"],
  ])("fails and runs no test when %s fails, after what it said", (name, path) => {
    check(path, 1, "what is wrong");
    const run = bootstrap("test", "tests/ops");
    expect(run.stderr).toBe(`error: ${name} failed, see above\n`);
    expect(run.stdout).toContain("what is wrong\n");
    expect(run.stdout).toMatch(/\n0 passed, 1 failed\n$/);
    expect(run.stdout).not.toContain("tests/ops");
    expect(run.status).toBe(1);
  });

  test("packages that cannot be installed are a failure too", () => {
    rmSync(join(checkout, "node_modules/.package-lock.json"));
    npm("exit 1");
    expect(bootstrap("test").stdout).toMatch(/\n0 passed, 1 failed\n$/);
  });
});
