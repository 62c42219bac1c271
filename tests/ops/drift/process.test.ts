import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkStackInProcess } from "../../../ops/fleet/process";
import { findEngine } from "../../../ops/tools/engine";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-process-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = async (options: { timeoutMs?: number; env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {}) => {
  const target = { accountId: "a" };
  const task = { task: "check", stack: "payments", target, projectFolder: folder } as const;
  const engine = await findEngine();
  return checkStackInProcess({ ...task, engine }, { env: process.env, timeoutMs: 50_000, ...options });
};

test.each<[string, Parameters<typeof check>[0], RegExp]>([
  ["a folder without a project", {}, /^there is no Pulumi\.yaml in /],
  ["a process that takes too long", { timeoutMs: 1 }, /^it took longer than 0 seconds$/],
  [
    "a process that dies",
    { env: { ...process.env, NODE_OPTIONS: "--no-such-option" } },
    /^its process ended with exit code 9: /,
  ],
  ["an interrupted run", { signal: AbortSignal.abort() }, /^interrupted$/],
])("%s becomes the result of the stack", async (_name, options, cause) => {
  expect(await check(options)).toEqual({
    drift: {
      stack: "payments",
      accountId: "a",
      result: "unknown",
      cause: expect.stringMatching(cause),
      differences: [],
      unmanaged: [],
      unchecked: [],
    },
  });
});
