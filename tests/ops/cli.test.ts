import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { VERDICT_EXIT_CODES } from "../../ops/checks/check";
import { main } from "../../ops/cli";
import { DRIFT_EXIT_CODES } from "../../ops/drift/report";
import { NEW_STACK_EXIT_CODES } from "../../ops/new-stack/new-stack";
import { CWD_OPTION } from "../../ops/options";
import { UP_EXIT_CODES } from "../../ops/recovery/report";
import { bin } from "../../package.json";

jest.mock("../../ops/tools/engine", () => ({
  ...jest.requireActual("../../ops/tools/engine"),
  ensureEngine: () => Promise.reject(new Error("the engine is not needed here")),
}));

const COMMANDS = ["new-stack", "verify", "local", "twin", "engine"];

let out: string;
let err: string;
beforeEach(() => {
  out = err = "";
  jest.spyOn(console, "log").mockImplementation((text) => {
    out += `${text}\n`;
  });
  jest.spyOn(console, "error").mockImplementation((text) => {
    err += `${text}\n`;
  });
});
afterEach(() => jest.restoreAllMocks());

test.each([[[]], [["--help"]], [["-h"]]])("%j lists the commands", async (args) => {
  expect(await main(args)).toBe(0);
  expect(out).toMatch(/^usage: npx entra-access <command>/);
  for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${name} `, "m"));
});

test.each(COMMANDS)("%s --help only shows the usage", async (name) => {
  expect(await main([name, "--help"])).toBe(0);
  expect(out).toMatch(new RegExp(`^usage: npx entra-access ${name} `));
  expect(err).toBe("");
});

test.each([
  [["nothing"], 'error: unknown command "nothing"'],
  [["toString"], 'error: unknown command "toString"'],
  [["local", "--ones"], "error: Unknown option '--ones'"],
  [["verify", "one", "another"], "error: Unexpected argument 'another'"],
  [["drift", "one", "--all"], "error: --all must not be combined with names of stacks"],
  [["drift", "--json", "--markdown"], "error: --json must not be combined with --markdown"],
  [["drift", "--concurrency", "0"], 'error: --concurrency must be a whole number from 1 to 999; found "0"'],
  [["drift", "--names"], "error: --names must be combined with --people"],
  [["preview", "--max-gain", "5 %"], "error: --max-gain must be a number of people, or a share such as 5%"],
  [
    ["new-stack", "one", "--stack", "another"],
    'error: --stack must be the same as the argument "one"; found "another"',
  ],
  [["new-stack", "--environment", "mars"], "error: --environment must be one of public, usgov"],
  [["new-stack", "--json", "one", "--yes"], "these are required: --team, --account, --tenant"],
  [["local", "dev"], "error: Unexpected argument 'dev'"],
  [["local", "--once=yes"], "error: Option '--once' does not take an argument"],
  [["twin", "--microsoft-port"], "error: Option '--microsoft-port <value>' argument missing"],
  [
    ["twin", "--microsoft-port", "x"],
    'error: --microsoft-port must be a whole number from 0 to 65535; found "x"',
  ],
  [
    ["twin", "--cloudflare-port", "65536"],
    'error: --cloudflare-port must be a whole number from 0 to 65535; found "65536"',
  ],
])("%j is refused with the usage and exit code 1", async (args, first) => {
  expect(await main(args)).toBe(1);
  expect(err.split("\n")[0]).toContain(first);
  expect(err).toMatch(/\nusage: npx entra-access /);
  expect(out).toBe("");
});

test("npx entra-access runs the commands", () => {
  const program = join(__dirname, "../..", bin["entra-access"]);
  const { status, stdout } = spawnSync(program, ["engine", "--help"], { encoding: "utf8" });
  expect(stdout).toMatch(/^usage: npx entra-access engine/);
  expect(status).toBe(0);
});

test("resolves a folder against the folder of the caller, not that of package.json", () => {
  const program = join(__dirname, "../..", bin["entra-access"]);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cli-test-")));
  const { INIT_CWD: _npm, ...env } = process.env;
  const { stdout, stderr } = spawnSync(program, ["up", "dev", "-C", "./nothing-here"], {
    encoding: "utf8",
    cwd: folder,
    env,
  });
  rmSync(folder, { recursive: true });
  expect(stdout + stderr).toContain(`error: there is no Pulumi.yaml in ${join(folder, "nothing-here")}`);
  expect(stderr).not.toContain("    at ");
});

describe("the folder of a command without -C", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cli-test-")));
  mkdirSync(join(folder, "project/docs"), { recursive: true });
  writeFileSync(join(folder, "project/Pulumi.yaml"), "name: other\nruntime: nodejs\n");
  const { INIT_CWD: before } = process.env;
  afterAll(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = before;
  });

  test.each([
    ["the project in which it was called", "project", "project"],
    ["the project of the folder in which it was called", "project/docs", "project"],
    ["left to the command outside any project", "", undefined],
  ])("is %s", (_what, called, expected) => {
    process.env.INIT_CWD = join(folder, called);
    expect(CWD_OPTION.parse(undefined, "cwd")).toBe(expected && join(folder, expected));
  });
});

test("a result has the same exit code in every command", () => {
  const all = [VERDICT_EXIT_CODES, DRIFT_EXIT_CODES, UP_EXIT_CODES, NEW_STACK_EXIT_CODES].flatMap((codes) =>
    Object.entries(codes),
  );
  const expected = all.map(([result]) => [result, { "in sync": 0, ready: 0, unknown: 1 }[result] ?? 2]);
  expect(all).toEqual(expected);
});

test.each(["up", "rotate", "adopt", "verify", "preview", "drift", "doctor", "stacks", "new-stack"])(
  "%s refuses a folder without a project before it looks for the engine",
  async (name) => {
    expect(await main([name, "-C", "/nowhere"])).toBe(1);
    expect(err).toBe("error: there is no Pulumi.yaml in /nowhere\n  Set the project folder with -C.\n");
    expect(out).toBe("");
  },
);

test("help and wrong arguments load neither the Pulumi SDK nor a client of a cloud nor the twin", () => {
  const program = `
    require("./ops/register.cjs");
    const { main } = require("./ops/cli.ts");
    const names = ${JSON.stringify([...COMMANDS, "up", "rotate", "adopt", "preview", "stacks", "drift", "report", "doctor"])};
    (async () => {
      for (const name of names) await main([name, "--help"]);
      await main(["drift", "--nothing"]);
      console.log("\\n" + JSON.stringify(Object.keys(require.cache)));
    })();`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  const loaded = (JSON.parse(stdout.split("\n").at(-2) ?? "[]") as string[]).map((path) =>
    relative(join(__dirname, "../.."), path),
  );
  expect(loaded).toContain("ops/commands/drift.ts");
  const isHeavy = (path: string) =>
    /^node_modules\/(@pulumi|@azure|@microsoft|cloudflare|undici|hono|jose)\/|^twin\//.test(path) &&
    path !== "node_modules/@pulumi/pulumi/package.json";
  expect(loaded.filter(isHeavy)).toEqual([]);
});
