import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewStackContext } from "../../../ops/new-stack/context";
import { initializeStack } from "../../../ops/new-stack/initialize";

// An engine that only records its calls.
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

test("writes the file before the engine creates the stack", async () => {
  await initializeStack(
    siteWith({ init: "cat Pulumi.payments.yaml >> calls; " }),
    "payments",
    "config: {}\n",
  );
  expect(calls()).toEqual([INIT, "config: {}"]);
  expect(settings()).toEqual(["Pulumi.payments.yaml"]);
});

test("keeps an existing file and creates no stack", async () => {
  const file = join(folder, "Pulumi.payments.yaml");
  writeFileSync(file, "config: of somebody else\n");
  await expect(initializeStack(siteWith({}), "payments", "config: {}\n")).rejects.toThrow(
    `${file} already exists`,
  );
  expect(readFileSync(file, "utf8")).toBe("config: of somebody else\n");
  expect(readdirSync(folder)).not.toContain("calls");
});

test("reports a folder that cannot be written to and creates no stack", async () => {
  const site = { ...siteWith({}), folder: join(folder, "nothing") };
  await expect(initializeStack(site, "payments", "")).rejects.toThrow(
    /Pulumi.payments.yaml could not be written: ENOENT/,
  );
  expect(readdirSync(folder)).not.toContain("calls");
});

test("does not remove a stack that somebody else created meanwhile", async () => {
  const site = siteWith({ init: "echo \"error: stack 'payments' already exists\" >&2; exit 255; " });
  await expect(initializeStack(site, "payments", "")).rejects.toThrow(
    "stack payments could not be created: stack 'payments' already exists",
  );
  expect(calls()).toEqual([INIT]);
  expect(settings()).toEqual([]);
});

test("removes a stack that a killed engine may have created", async () => {
  const rm = "echo \"error: no stack named 'payments' found\" >&2; exit 255; ";
  await expect(initializeStack(siteWith({ init: "kill -9 $$; ", rm }), "payments", "")).rejects.toThrow(
    "stack payments could not be created: the engine was killed",
  );
  expect(calls()).toEqual([INIT, RM]);
  expect(settings()).toEqual([]);
});

test("creates nothing when interrupted before, and removes the stack when interrupted after", async () => {
  await expect(initializeStack(siteWith({ isAborted: () => true }), "payments", "")).rejects.toThrow(
    "interrupted",
  );
  expect(readdirSync(folder)).toEqual(["pulumi"]);
  const isAborted = () => readdirSync(folder).includes("calls");
  await expect(initializeStack(siteWith({ isAborted }), "payments", "")).rejects.toThrow("interrupted");
  expect(calls()).toEqual([INIT, RM]);
  expect(settings()).toEqual([]);
});

test("reports a stack that cannot be removed, with the command that removes it", async () => {
  const isAborted = () => readdirSync(folder).includes("calls");
  const site = siteWith({ isAborted, rm: "echo 'error: out of reach' >&2; exit 255; " });
  await expect(initializeStack(site, "payments", "")).rejects.toMatchObject({
    next: ["The stack could not be removed: out of reach", "Remove it: pulumi stack rm payments"],
  });
});
