import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inProcess } from "../../../ops/drift/fleet/process";
import { findEngine } from "../../../ops/tools/engine";

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-process-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const look = async (options: { patience?: number; env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {}) => {
  const target = { accountId: "a" };
  const assignment = { task: "look", stack: "payments", target, projectFolder: folder } as const;
  const engine = await findEngine();
  return inProcess({ ...assignment, engine }, { env: process.env, patience: 50_000, ...options });
};

test.each<[string, Parameters<typeof look>[0], RegExp]>([
  ["a folder without a project", {}, /^there is no Pulumi\.yaml in /],
  ["a process that takes too long", { patience: 1 }, /^it took longer than 0 seconds$/],
  [
    "a process that dies",
    { env: { ...process.env, NODE_OPTIONS: "--no-such-option" } },
    /^its process ended with 9: /,
  ],
  ["an interrupted run", { signal: AbortSignal.abort() }, /^interrupted$/],
])("%s is a result of that stack, and no error", async (_name, options, cause) => {
  expect(await look(options)).toEqual({
    drift: {
      stack: "payments",
      accountId: "a",
      result: "could not tell",
      cause: expect.stringMatching(cause),
      differences: [],
      unowned: [],
      gaps: [],
    },
  });
});
