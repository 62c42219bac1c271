// What every npm script starts: plain Node without packages, because it also runs where node_modules does not
// exist yet. It checks Node.js, installs the packages of the lockfile when they are missing or differ from it,
// and starts the wanted program.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const CHECKS = {
  lint: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  types: ["node_modules/typescript/bin/tsc", "-p", "."],
  jest: ["node_modules/jest/bin/jest.js"],
};
/** Tests whose load is a parameter: tests/support/size.ts. */
const LONG = [
  "tests/fleet",
  "tests/stack/access/company",
  "tests/stack/credentials/continuous-sign-in",
  "tests/stack/recovery/faults",
];
const PROGRAMS = {
  local: (args) => runCli(["local", ...args]),
  twin: (args) => runCli(["twin", ...args]),
  ops: (args) => runCli(args),
  lint: (args) => node([...CHECKS.lint, ...args]),
  types: (args) => node([...CHECKS.types, ...args]),
  format: (args) => node([...CHECKS.lint, "--write", ...args]),
  bench: (args) => node(["-r", "./ops/register.cjs", "bench/twin.ts", ...args]),
  test: runTests,
  "test:long": testLong,
  "test:faults": (args) => node(["-r", "./ops/register.cjs", "tests/faults/main.ts", ...args]),
};

main(process.argv.slice(2)).then(
  (code) => {
    // Connections that the SDKs keep open must not keep the process alive.
    process.exit(code);
  },
  (error) => {
    console.error(error.next ? `error: ${[error.message, ...error.next].join("\n  ")}` : error);
    process.exitCode = 1;
    if (process.argv[2] === "test") console.log("0 passed, 1 failed");
  },
);

async function main([name, ...args]) {
  process.env.INIT_CWD ??= process.cwd(); // where npm was called; without npm, here
  process.chdir(root); // ts-node and Biome look for their settings here
  checkNode(process.versions.node);
  const program = Object.hasOwn(PROGRAMS, name ?? "") ? PROGRAMS[name] : undefined;
  if (!program)
    throw userError(`unknown program ${JSON.stringify(name)}`, [
      `One of: ${Object.keys(PROGRAMS).join(", ")}.`,
    ]);
  if (!packagesMatchLockfile()) await installPackages();
  return program(args);
}

function userError(message, next) {
  return Object.assign(new Error(message), { next });
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

function checkNode(found) {
  const wanted = readJson("package.json").engines.node.replace(">=", "");
  const [a, b] = [found, wanted].map((version) => version.split(".").map(Number));
  if (a[0] > b[0] || (a[0] === b[0] && a[1] >= (b[1] ?? 0))) return;
  throw userError(`Node.js ${wanted} or later is needed, this is ${found}`, [
    "Install it from https://nodejs.org/en/download, or with a version manager such as nvm or fnm.",
  ]);
}

/** npm keeps what it installed in node_modules/.package-lock.json, written last: a broken install has none. */
function packagesMatchLockfile() {
  if (!existsSync(join(root, "node_modules/.package-lock.json"))) return false;
  let installed;
  try {
    installed = readJson("node_modules/.package-lock.json").packages;
  } catch {
    return false;
  }
  const wanted = Object.entries(readJson("package-lock.json").packages).filter(([path]) => path !== "");
  // Optional packages of other platforms are never installed.
  return wanted.every(([path, entry]) =>
    installed[path] ? installed[path].version === entry.version : entry.optional === true,
  );
}

async function installPackages() {
  console.log("Installing the packages of package-lock.json (npm ci); needed once, about a minute");
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const live = process.stdout.isTTY;
  const timer = setInterval(
    () => process.stdout.write(live ? `\r  ${seconds()} ` : `  npm ci: ${seconds()}\n`),
    live ? 1000 : 10_000,
  );
  const result = await npmCi().finally(() => clearInterval(timer));
  if (live) process.stdout.write("\r");
  if (result.code !== 0) throw userError(...explainNpm(result));
  console.log(`Packages installed in ${seconds()}`);
}

async function npmCi() {
  const npm = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  // Without a registry npm ci tries every package for minutes. A full cache will do, though.
  const ping = await run([...npm, "ping", "--fetch-retries=0", "--fetch-timeout=10000"], "pipe");
  const offline = UNREACHABLE.test(ping.output);
  const options = ["--no-audit", "--no-fund", "--loglevel=error", ...(offline ? ["--offline"] : [])];
  const result = await run([...npm, "ci", ...options], "pipe");
  return offline && result.code !== 0 ? { ...result, output: ping.output } : result;
}

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR/;

function explainNpm({ output, code }) {
  const lines = output.split("\n").map((line) => /^npm (?:error|ERR!) ?(.*)/.exec(line)?.[1] ?? "");
  const said = lines
    .filter((line) => line.trim() !== "" && !/^(code|errno|syscall|\s+at) /.test(line))
    .slice(0, 3)
    .map((line) => `npm: ${line}`);
  const registry = /https?:\/\/[^\s/]+/.exec(lines.join(" "))?.[0] ?? "that npm is set to";
  const CAUSES = [
    [/spawn npm ENOENT/, "npm was not found", ["Install Node.js with npm: https://nodejs.org/en/download."]],
    [
      /ENOSPC/,
      "the disk is full, packages need about 800 MB",
      ["Free some space and run the command again."],
    ],
    [
      UNREACHABLE,
      `the npm registry ${registry} is out of reach`,
      ["Check the network and proxy, or set another one: npm config set registry <url>."],
    ],
    [/EACCES|EPERM/, "npm may not write here", [`Check who owns ${root} and the npm cache.`]],
    [
      /EUSAGE/,
      "package.json and package-lock.json disagree",
      ["Run npm install and look at what it changes."],
    ],
    [
      /EINTEGRITY/,
      "a package is not the one of package-lock.json",
      ["Check the registry, then: npm cache clean --force."],
    ],
  ];
  const known = CAUSES.find(([pattern]) => pattern.test(output));
  if (known) return [`packages could not be installed: ${known[1]}`, [...known[2], ...said]];
  return [
    `packages could not be installed: npm ci ended with ${code}`,
    said.length > 0 ? said : [output.trim()],
  ];
}

/** In this process: signals reach the command directly, and nothing stays behind when it is killed. */
async function runCli(args) {
  const require = createRequire(join(root, "package.json"));
  require("./ops/register.cjs");
  return require("./ops/cli.ts").main(args);
}

async function node(args, env = {}) {
  return (await run([process.execPath, ...args], "inherit", env)).code;
}

/**
 * Everything that must hold. Lint and types come first; what the tests need is installed meanwhile, and while the tests
 * run that need none of it. The last line is always "N passed, N failed".
 */
async function runTests(args) {
  const installing = installTools();
  const failed = (await Promise.all(["lint", "types"].map(passes))).filter((name) => name !== undefined);
  if (failed.length > 0) {
    await installing.done;
    throw userError(`${failed.join(" and ")} failed, see above`, []);
  }
  const code = await node([...CHECKS.jest, ...args], { ENTRA_ACCESS_INSTALLING: installing.marker });
  await installing.done;
  return code;
}

/** @returns its name if it fails, after what it printed */
async function passes(name) {
  const { code, output } = await run([process.execPath, ...CHECKS[name]], "pipe");
  console.log(code === 0 ? `${name}: passed` : output);
  return code === 0 ? undefined : name;
}

/**
 * Installs what the tests need, one after the other. Without an engine the tests of the stack fail and say why, without
 * Chromium those in it; the others still run.
 *
 * @returns a file that is there until all is installed
 */
function installTools() {
  const folder = mkdtempSync(join(tmpdir(), "entra-access-installing-"));
  const marker = join(folder, "tools");
  writeFileSync(marker, "");
  const install = async () => {
    for (const tool of ["engine", "browser", "postgresql", "actionlint"]) await runCli([tool]);
  };
  return { marker, done: install().finally(() => rmSync(folder, { recursive: true })) };
}

/** Tests that `npm test` runs with a small load, with the full one: hours. @param args those of them; default: all */
async function testLong(args) {
  await installTools().done;
  return node([...CHECKS.jest, "--runInBand", ...(args.length > 0 ? args : LONG)], { TEST_SIZE: "long" });
}

function run([command, ...args], stdio, env = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["inherit", stdio, stdio],
      env: { ...process.env, ...env },
    });
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    const done = (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve({ code, output });
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
    child.on("error", (error) => {
      output += error.message;
      done(1);
    });
    child.on("close", (code, signal) => done(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
