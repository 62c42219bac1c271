import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { isStaleLock, type Lock, parseLocks } from "../../../../ops/stacks/run/lock";

const own = { user: userInfo().username, host: hostname(), since: "2026-11-23T03:00:00Z" };
/** A process id above every system's limit. */
const NOBODY = 2 ** 22 + 1;

test("reads locks from the engine's message", () => {
  const text = [
    "error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
    "  file:///state/.pulumi/locks/organization/p/dev/1.json: created by ada@laptop (pid 12) at 2026-11-23T03:00:00Z",
    "  s3://state/.pulumi/locks/organization/p/dev/2.json: created by CORP\\ben@ci.example (pid 345) at 2026-11-23T04:00:00+01:00",
  ].join("\n");
  expect(parseLocks(text)).toEqual([
    { user: "ada", host: "laptop", pid: 12, since: "2026-11-23T03:00:00Z" },
    { user: "CORP\\ben", host: "ci.example", pid: 345, since: "2026-11-23T04:00:00+01:00" },
  ]);
  expect(parseLocks("[409] Conflict: Another update is currently in progress.")).toEqual([]);
});

test.each<[string, Partial<Lock>, boolean]>([
  ["a process that is gone", { pid: NOBODY }, true],
  ["a number that another program has now", { pid: process.pid }, true],
  ["a process of another host", { pid: NOBODY, host: "elsewhere" }, false],
  ["a process of another user", { pid: NOBODY, user: "somebody" }, false],
])("the lock of %s: abandoned?", (_whose, lock, abandoned) => {
  expect(isStaleLock({ ...own, pid: 0, ...lock })).toBe(abandoned);
});

test("the lock of a running engine is not stale, whatever its time", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lock-test-"));
  const engine = join(folder, "pulumi");
  copyFileSync("/bin/sleep", engine);
  chmodSync(engine, 0o755);
  const running = spawn(engine, ["600"]);
  await new Promise((started) => running.once("spawn", started));
  try {
    expect(isStaleLock({ ...own, pid: running.pid ?? 0, since: "2001-01-01T00:00:00Z" })).toBe(false);
  } finally {
    running.kill("SIGKILL");
    await new Promise((ended) => running.once("exit", ended));
    rmSync(folder, { recursive: true });
  }
});
