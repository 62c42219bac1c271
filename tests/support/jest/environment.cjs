/**
 * The environment of a test file, which is the same on every machine and empty afterwards.
 *
 * The caller's settings (home, credentials, proxies, colors) don't reach a test, and each file has a home and a
 * temporary folder of its own. A file that leaves a file, a process or a listening port behind fails.
 */
const { TestEnvironment } = require("jest-environment-node");
const { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } = require("node:fs");
const { homedir, tmpdir } = require("node:os");
const { delimiter, join, sep } = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
const vm = require("node:vm");
const CodeCache = require("../../../ops/start/code-cache.cjs");
const { processesWith, terminate } = require("./processes.cjs");
const keptKeys = require("./kept-keys.cjs");
const { needsTools } = require("./suites.cjs");
const { version: engineVersion } = require("@pulumi/pulumi/package.json");

/** Variables that would lead a program elsewhere, or change what it prints. */
const FOREIGN =
  /^(ARM|AZURE|CLOUDFLARE|CF|PULUMI|VAULT|GITHUB|XDG|NPM|INIT|GIT)_|^(NO_COLOR|FORCE_COLOR|CI|DEBUG|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS)$/i;

/** Variable that marks the processes of a test file; child processes inherit it. */
const MARK = "ENTRA_ACCESS_TEST";

const root = join(__dirname, "../../..");
const temporaryFolder = process.env.ENTRA_ACCESS_TEST_RUN ?? tmpdir();
// Where `npm test` installs the engine; a test finds it as one that is on PATH.
const pulumiHome = process.env.PULUMI_HOME || join(process.env.HOME || homedir(), ".pulumi");
const engine = join(pulumiHome, "versions", engineVersion, "bin");
for (const name of Object.keys(process.env)) if (FOREIGN.test(name)) delete process.env[name];
// The long run compares official plugins there with the stand-ins.
process.env.USER_PULUMI_HOME = pulumiHome;
process.env.PATH = [engine, process.env.PATH].join(delimiter);
// The engine is a Go program that ends soon: collecting its garbage takes a sixth of its time, and little memory.
process.env.GOGC = "400";
// It would ask the network for newer versions and for plugins, and wait for an answer.
process.env.PULUMI_SKIP_UPDATE_CHECK = "true";
process.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
// ts-node's compiler keeps its code there: in place of a temporary folder, so that the next test file finds it.
process.env.V8_COMPILE_CACHE_CACHE_DIR = join(root, "node_modules/.cache/v8-compile-cache");

const code = new CodeCache(join(root, "node_modules/.cache/entra-access-tests"));
const { compileFunction } = vm;
const SELFSIGNED = require.resolve("selfsigned");
// Jest compiles modules so, all of them anew for each test file. Those of the tests' temporary folders are of no use later.
const isLasting = (filename) =>
  filename.startsWith(root + sep) || filename.includes(`${sep}node_modules${sep}`);
vm.compileFunction = (source, parameters, options) => {
  if (!options?.parsingContext || !isLasting(options.filename))
    return compileFunction(source, parameters, options);
  if (options.filename !== SELFSIGNED)
    return code.compile(source, parameters, options.filename).runInContext(options.parsingContext);
  return (module) => {
    module.exports = keptKeys.selfsigned;
  };
};

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    const folder = mkdtempSync(temporaryFolder + sep);
    const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
    for (const each of [home, temporary]) mkdirSync(each);
    // PostgreSQL runs as a user of its own.
    for (const each of [folder, temporary]) chmodSync(each, 0o755);
    Object.assign(process.env, { HOME: home, TMPDIR: temporary, [MARK]: folder });
    super(config, context);
    keptKeys.begin();
    // Node.js's own limit. Pulumi takes a stack trace of each of its promises, and Jest maps every frame to its source.
    this.global.Error.stackTraceLimit = 10;
    this.mustWait = needsTools(config.globalConfig.rootDir, context.testPath);
    /** Time in milliseconds for processes to end. */
    this.grace = config.projectConfig.testEnvironmentOptions.grace ?? 10_000;
    this.folder = folder;
    this.temporary = temporary;
  }

  /** Waits for tools that `npm test` installs while other tests run. */
  async setup() {
    await super.setup();
    while (this.mustWait && existsSync(process.env.ENTRA_ACCESS_INSTALLING ?? "")) await pause(200);
  }

  /**
   * Passes unhandled rejections to the listeners of the test's own `process`, if any: a Pulumi program listens for them
   * there while it runs. Otherwise Jest's listeners get them.
   */
  handleTestEvent({ name, test }) {
    if (/^(error|hook_failure)$/.test(name) || (name === "test_done" && test.errors.length > 0))
      this.hasFailed = true;
    if (name === "setup") {
      const ofJest = process.listeners("unhandledRejection");
      const ofTest = this.global.process;
      this.onRejection = (reason, promise) => {
        const listening = ofTest.listeners("unhandledRejection");
        for (const listener of listening.length > 0 ? listening : ofJest) listener(reason, promise);
      };
      process.removeAllListeners("unhandledRejection");
      process.on("unhandledRejection", this.onRejection);
    }
    if (name === "teardown") process.off("unhandledRejection", this.onRejection);
  }

  async teardown() {
    await super.teardown();
    code.keep();
    const left = await leftAfter(this.grace, () => [
      ...readdirSync(this.temporary, { recursive: true }).map((name) => `file ${join("$TMPDIR", name)}`),
      ...processesWith(`${MARK}=${this.folder}`).map(({ pid, command }) => `process ${pid}: ${command}`),
      ...process
        .getActiveResourcesInfo()
        .flatMap((kind) => (kind === "TCPServerWrap" ? ["listening port"] : [])),
    ]);
    for (const { pid } of processesWith(`${MARK}=${this.folder}`)) terminate(pid);
    rmSync(this.folder, { recursive: true, force: true });
    if (left.length === 0) return;
    const message = `this test file left behind:\n  ${left.join("\n  ")}`;
    // A failed test often leaves something, and Jest would show this error in its place.
    if (!this.hasFailed) throw new Error(message);
    process.stderr.write(`${message}\n`);
  }
};

/** Lists what is left after a grace period. */
async function leftAfter(milliseconds, look) {
  for (const until = performance.now() + milliseconds; ; await pause(50)) {
    const left = look();
    if (left.length === 0 || performance.now() > until) return left;
  }
}
