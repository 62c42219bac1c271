import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProcessOptions, WorkerPool } from "../../../ops/fleet/worker-pool";
import { findEngine } from "../../../ops/tools/engine";

jest.setTimeout(60_000);

let folder: string;
let pool: WorkerPool;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "worker-pool-"));
});
afterEach(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

type Options = Partial<ProcessOptions>;
const run = async (stack: string) => {
  const engine = await findEngine();
  const task = { task: "check", stack, target: { accountId: "a" }, projectFolder: folder, engine } as const;
  return pool.run<unknown>(task, (cause) => ({ cause }));
};

describe("a pool with the worker of a fleet", () => {
  it.each<[string, Options, unknown]>([
    [
      "of a folder without a project",
      {},
      { drift: expect.objectContaining({ cause: expect.stringMatching(/^there is no Pulumi\.yaml in /) }) },
    ],
    ["that takes too long", { timeoutMs: 1 }, { cause: "it took longer than 0 seconds" }],
    [
      "whose process dies",
      { env: { ...process.env, NODE_OPTIONS: "--no-such-option" } },
      { cause: expect.stringMatching(/^its process ended with exit code 9: /) },
    ],
    ["that is interrupted", { signal: AbortSignal.abort() }, { cause: "interrupted" }],
  ])("returns the failure of a task %s", async (_name, options, failure) => {
    pool = new WorkerPool({ env: process.env, timeoutMs: 50_000, ...options });
    expect(await run("payments")).toEqual(failure);
  });
});

/** A worker whose answers tell its process; what it does depends on the stack's name. */
const WORKER = `
process.on("message", ({ stack }) => {
  if (stack === "dies") process.exit(3);
  if (stack === "hangs") return;
  if (stack === "prints") process.stderr.write("x".repeat(1 << 20));
  process.send({ result: process.pid, isReusable: stack !== "fails" }, () => {
    if (stack === "fails") process.exit(0);
    if (stack === "dies later") process.exit(0);
  });
});`;

describe("a pool", () => {
  const open = (options: Options = {}) => {
    const program = join(folder, "worker.js");
    writeFileSync(program, WORKER);
    pool = new WorkerPool({ env: process.env, timeoutMs: 50_000, ...options }, program);
  };

  it("lets a process take the next stack, even after much output", async () => {
    open();
    const first = await run("one");
    expect([await run("prints"), await run("two")]).toEqual([first, first]);
  });

  it("starts a second process for a stack at the same time", async () => {
    open();
    const [one, two] = await Promise.all([run("one"), run("two")]);
    expect(one).not.toBe(two);
  });

  it("does not use a process again in which something failed", async () => {
    open();
    const first = await run("one");
    expect(await run("fails")).toBe(first);
    expect(await run("two")).not.toBe(first);
  });

  it("returns the failure of a process that dies at its second stack", async () => {
    open();
    await run("one");
    expect(await run("dies")).toEqual({ cause: "its process ended with exit code 3: no output" });
    expect(await run("two")).toEqual(expect.any(Number));
  });

  it("goes on in another process when one ends between two stacks", async () => {
    open();
    const first = await run("dies later");
    while (isAlive(first)) await new Promise((done) => setImmediate(done));
    // Until this process has heard of it.
    await run("fails");
    expect(await run("two")).not.toBe(first);
  });

  it("ends a process that hangs when the run is interrupted", async () => {
    const controller = new AbortController();
    open({ signal: controller.signal });
    await run("one");
    const hanging = run("hangs");
    controller.abort();
    expect(await hanging).toEqual({ cause: "interrupted" });
  });

  it("leaves no process behind once it is closed", async () => {
    open();
    const pids = await Promise.all([run("one"), run("two")]);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await pool.close();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});

function isAlive(pid: unknown): boolean {
  try {
    return process.kill(pid as number, 0);
  } catch {
    return false;
  }
}
