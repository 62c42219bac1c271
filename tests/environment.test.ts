import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "environment-test-"));
  writeFileSync(join(folder, "package.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one test with this body in the environment that all tests have. @returns what Jest says of it */
function run(body: string, env: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(folder, "a.test.js"), `test("a", async () => { ${body} });`);
  const environment = join(__dirname, "support/jest/environment.cjs");
  const options = ["--env", environment, "--testEnvironmentOptions", '{"grace":300}', "--forceExit"];
  const jest = [
    require.resolve("jest/bin/jest"),
    "--rootDir",
    folder,
    "--cacheDirectory",
    join(folder, "c"),
    "-i",
  ];
  const { stderr, status } = spawnSync(process.execPath, [...jest, ...options], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, ...env },
  });
  return { status, stderr };
}

describe("a test file", () => {
  it("passes when it leaves nothing", () => {
    const body = `
      const { createServer } = require("net");
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((done) => server.once("listening", done));
      await new Promise((done) => server.close(done));
    `;
    expect(run(body)).toMatchObject({ status: 0 });
  });

  it.each([
    [
      "a file",
      `require("fs").writeFileSync(require("path").join(require("os").tmpdir(), "left"), "");`,
      /file \$TMPDIR\/left/,
    ],
    [
      "a process",
      `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" }).unref();`,
      /process \d+: .*setInterval/,
    ],
    [
      "a listening port",
      `globalThis.server = require("net").createServer().listen(0, "127.0.0.1");
       await new Promise((done) => server.once("listening", done));`,
      /listening port/,
    ],
  ])("fails when it leaves %s", (_what, body, left) => {
    const { status, stderr } = run(body);
    expect(stderr).toMatch(/this test file left behind:/);
    expect(stderr).toMatch(left);
    expect(status).toBe(1);
  });

  it("shows the failure of its test, and what was left beside it", () => {
    const body = `require("fs").writeFileSync(require("path").join(require("os").tmpdir(), "left"), ""); expect(1).toBe(2);`;
    const { status, stderr } = run(body);
    expect(stderr).toContain("Expected: 2");
    expect(stderr).toMatch(/this test file left behind:\n {2}file \$TMPDIR\/left/);
    expect(status).toBe(1);
  });

  it("fails on a rejection that nobody handles, unless something listens for it as a program does", () => {
    const reject = `Promise.reject(new Error("lost")); await new Promise(setImmediate);`;
    expect(run(reject)).toMatchObject({ status: 1, stderr: expect.stringContaining("lost") });
    const listening = `const heard = []; process.on("unhandledRejection", (error) => heard.push(error.message)); ${reject} expect(heard).toEqual(["lost"]);`;
    expect(run(listening)).toMatchObject({ status: 0 });
  });

  it("has a home and a temporary folder of its own, and none of the caller's settings", () => {
    const env = {
      ARM_CLIENT_ID: "x",
      CLOUDFLARE_API_TOKEN: "x",
      PULUMI_HOME: "/elsewhere",
      NO_COLOR: "1",
      HOME: "/nowhere",
    };
    const body = `
      const { ARM_CLIENT_ID, CLOUDFLARE_API_TOKEN, PULUMI_HOME, NO_COLOR, HOME, PATH } = process.env;
      expect([ARM_CLIENT_ID, CLOUDFLARE_API_TOKEN, PULUMI_HOME, NO_COLOR]).toEqual(Array(4).fill(undefined));
      expect(require("fs").readdirSync(HOME)).toEqual([]);
      expect(require("fs").readdirSync(require("os").tmpdir())).toEqual([]);
      // The caller's Pulumi home.
      expect(PATH).toMatch(/^\\/elsewhere\\/versions\\/[\\d.]+\\/bin:/);
    `;
    expect(run(body, env)).toMatchObject({ status: 0 });
  });
});
