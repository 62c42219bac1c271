import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewStackContext } from "../../../ops/new-stack/context";
import { initializeStack } from "../../../ops/new-stack/initialize";

// An engine that only writes down how it was called.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "make-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function siteWith({ init = "", rm = "", isAborted = () => false }): NewStackContext {
  const command = join(folder, "pulumi");
  writeFileSync(command, `#!/bin/sh\necho "$@" >> calls\ncase $2 in init) ${init}:;; rm) ${rm}:;; esac\n`);
  chmodSync(command, 0o755);
  const signal = Object.defineProperty({}, "aborted", { get: isAborted });
  return { folder, env: process.env, engine: { command }, signal } as unknown as NewStackContext;
}
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const settings = () => readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const INIT = "stack init payments --no-select --non-interactive";
const RM = "stack rm payments --yes --non-interactive";

test("the file is there when the engine makes the stack", async () => {
  await initializeStack(
    siteWith({ init: "cat Pulumi.payments.yaml >> calls; " }),
    "payments",
    "config: {}\n",
  );
  expect(calls()).toEqual([INIT, "config: {}"]);
  expect(settings()).toEqual(["Pulumi.payments.yaml"]);
});

test("a file that is there already stays as it is, and no stack is made", async () => {
  const file = join(folder, "Pulumi.payments.yaml");
  writeFileSync(file, "config: of somebody else\n");
  await expect(initializeStack(siteWith({}), "payments", "config: {}\n")).rejects.toThrow(
    `there is a ${file} already`,
  );
  expect(readFileSync(file, "utf8")).toBe("config: of somebody else\n");
  expect(readdirSync(folder)).not.toContain("calls");
});

test("a folder that cannot be written to is told, and no stack is made", async () => {
  const site = { ...siteWith({}), folder: join(folder, "nothing") };
  await expect(initializeStack(site, "payments", "")).rejects.toThrow(
    "the settings could not be written: ENOENT",
  );
  expect(readdirSync(folder)).not.toContain("calls");
});

test("a stack that somebody else made meanwhile is not removed", async () => {
  const site = siteWith({ init: "echo \"error: stack 'payments' already exists\" >&2; exit 255; " });
  await expect(initializeStack(site, "payments", "")).rejects.toThrow(
    "stack payments could not be made: stack 'payments' already exists",
  );
  expect(calls()).toEqual([INIT]);
  expect(settings()).toEqual([]);
});

test("an engine that was killed may have made it: it is removed", async () => {
  const rm = "echo \"error: no stack named 'payments' found\" >&2; exit 255; ";
  await expect(initializeStack(siteWith({ init: "kill -9 $$; ", rm }), "payments", "")).rejects.toThrow(
    "stack payments could not be made: the engine was killed",
  );
  expect(calls()).toEqual([INIT, RM]);
  expect(settings()).toEqual([]);
});

test("an interruption before it begins makes nothing, and one that comes too late removes it again", async () => {
  await expect(initializeStack(siteWith({ isAborted: () => true }), "payments", "")).rejects.toThrow(
    "interrupted",
  );
  expect(readdirSync(folder)).toEqual(["pulumi"]);
  const isAborted = () => readdirSync(folder).includes("calls");
  await expect(initializeStack(siteWith({ isAborted }), "payments", "")).rejects.toThrow("interrupted");
  expect(calls()).toEqual([INIT, RM]);
  expect(settings()).toEqual([]);
});

test("a stack that cannot be removed again is told, with what removes it", async () => {
  const isAborted = () => readdirSync(folder).includes("calls");
  const site = siteWith({ isAborted, rm: "echo 'error: out of reach' >&2; exit 255; " });
  await expect(initializeStack(site, "payments", "")).rejects.toMatchObject({
    next: ["It could not be removed again: out of reach", "pulumi stack rm payments"],
  });
});
