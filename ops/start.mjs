// The entry point of every npm script, in plain Node.js, because node_modules may not exist yet. Checks the version of
// Node.js, installs the packages when they are missing or differ from the lockfile, and starts a program.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, packagesMatchLockfile } from "./start/packages.mjs";
import { readJson, root, run, userError } from "./start/run.mjs";

const CHECKS = {
  lint: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  // TypeScript 7 takes a third of the processor time of the version that Pulumi needs.
  types: [
    ...["node_modules/typescript-native/bin/tsc", "-p", ".", "--checkers", "2", "--incremental"],
    ...["--tsBuildInfoFile", "node_modules/.cache/types.tsbuildinfo"],
  ],
  // Most objects of a test die young: with more space for them, garbage is collected less often.
  jest: ["--max-semi-space-size=32", "node_modules/jest/bin/jest.js"],
};
/** Tests with an adjustable load: tests/support/size.ts. */
const LONG = [
  "tests/ops/access-review/differential",
  "tests/fleet",
  "tests/ops/commands/local",
  "tests/provider/languages",
  "tests/stack/access/company",
  "tests/stack/access/generated-settings",
  "tests/stack/credentials/continuous-sign-in",
  "tests/stack/drift.test",
  "tests/stack/permissions",
  "tests/stack/provisioning/scim-secret",
  "tests/stack/recovery/faults",
];
/** Commands of the CLI that need the twin, and so the packages for development; all others run after `npm ci --omit=dev`. */
const TWIN_COMMANDS = ["local", "twin"];
const PROGRAMS = {
  local: (args) => runCli(["local", ...args]),
  twin: (args) => runCli(["twin", ...args]),
  ops: (args) => runCli(args),
  packages: () => 0, // installs the packages of the stack, as ops does, and no more
  lint: (args) => node([...CHECKS.lint, ...args]),
  types: (args) => node([...CHECKS.types, ...args]),
  "dev-tools": devTools,
  reference: () => node(["-r", "./ops/register.cjs", "scripts/reference/main.ts"]),
  template: (args) => node(["-r", "./ops/register.cjs", "scripts/template/main.ts", ...args]),
  "upgrade-check": (args) => node(["-r", "./ops/register.cjs", "scripts/upgrade-check/main.ts", ...args]),
  format: (args) => node([...CHECKS.lint, "--write", ...args]),
  bench: (args) => node(["-r", "./ops/register.cjs", "bench/main.ts", ...args]),
  test: runTests,
  "test:long": testLong,
  "test:faults": (args) => node(["-r", "./ops/register.cjs", "tests/faults/main.ts", ...args]),
};

main(process.argv.slice(2)).then(
  (code) => {
    // Open connections of the SDKs must not keep the process alive.
    process.exit(code);
  },
  (error) => {
    console.error(error.next ? `error: ${[error.message, ...error.next].join("\n  ")}` : error);
    process.exitCode = 1;
    if (process.argv[2] === "test") console.log("0 passed, 1 failed");
  },
);

async function main([name, ...args]) {
  process.env.INIT_CWD ??= process.cwd(); // the folder in which npm was called; without npm, this one
  process.chdir(root); // Biome reads its settings, and programs find ops/register.cjs, from here
  checkNode(process.versions.node);
  const program = Object.hasOwn(PROGRAMS, name ?? "") ? PROGRAMS[name] : undefined;
  if (!program)
    throw userError(`unknown program ${JSON.stringify(name)}`, [
      `Programs: ${Object.keys(PROGRAMS).join(", ")}.`,
    ]);
  const withDev = !["ops", "packages"].includes(name) || TWIN_COMMANDS.includes(args[0]);
  if (!packagesMatchLockfile(withDev)) await installPackages(withDev);
  return program(args);
}

function checkNode(actual) {
  const required = readJson("package.json").engines.node.replace(">=", "");
  const [a, b] = [actual, required].map((version) => version.split(".").map(Number));
  if (a[0] > b[0] || (a[0] === b[0] && a[1] >= (b[1] ?? 0))) return;
  throw userError(`Node.js must be ${required} or later; found ${actual}`, [
    "Install it from https://nodejs.org/en/download, or with a version manager such as nvm or fnm.",
  ]);
}

/** Runs the CLI in this process, so that signals reach the command directly. */
async function runCli(args) {
  const require = createRequire(join(root, "package.json"));
  require("./ops/register.cjs");
  return require("./ops/cli.ts").main(args);
}

async function node(args, env = {}) {
  return (await run([process.execPath, ...args], "inherit", env)).code;
}

/**
 * Runs lint, type checks and tests. The tools that tests need are installed meanwhile. The last line is always
 * "N passed, N failed".
 */
async function runTests(args) {
  const installing = installTools();
  const failed = (await Promise.all(["lint", "types"].map(runCheck))).filter((name) => name !== undefined);
  if (failed.length > 0) {
    await installing.done;
    throw userError(`${failed.join(" and ")} failed, see above`, []);
  }
  const code = await node([...CHECKS.jest, ...args], { ENTRA_ACCESS_INSTALLING: installing.marker });
  await installing.done;
  return code;
}

/** Runs a check and prints its output where it fails. @returns its name if it fails */
async function runCheck(name) {
  const { code, output } = await run([process.execPath, ...CHECKS[name]], "pipe");
  console.log(code === 0 ? `${name}: passed` : output);
  return code === 0 ? undefined : name;
}

/**
 * Installs the tools that tests need, one after the other. Where one cannot be installed, only its tests fail.
 *
 * @returns the path of a file that exists until all tools are installed
 */
function installTools() {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-installing-"));
  const marker = join(folder, "tools");
  writeFileSync(marker, "");
  const install = async () => {
    await runCli(["engine"]);
    await devTools([]);
  };
  return { marker, done: install().finally(() => rmSync(folder, { recursive: true })) };
}

/** Finds or installs the programs that only the tests need. */
function devTools(args) {
  return node(["-r", "./ops/register.cjs", "scripts/dev-tools/main.ts", ...args]);
}

/** Runs the tests with an adjustable load at full load, which takes hours. @param args tests; default: all of them */
async function testLong(args) {
  await installTools().done;
  if (args.length === 0 || args.some((path) => path.startsWith("tests/provider")))
    await devTools(["languages"]);
  return node([...CHECKS.jest, "--runInBand", ...(args.length > 0 ? args : LONG)], { TEST_SIZE: "long" });
}
