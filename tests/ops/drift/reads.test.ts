import { readAccount, readOwned } from "../../../ops/drift/fleet/reads";
import { Stack } from "../../../ops/stacks";

const where = {
  stack: "payments",
  target: { accountId: "a" },
  projectFolder: "/nowhere",
  engine: { command: "/nowhere/pulumi", version: "3.232.0", source: "on PATH" },
  env: {},
};
const never = () => new Promise<never>(() => {});
const question = { accountId: "a", since: "2026-01-01T00:00:00Z", changed: [] };
afterEach(() => jest.restoreAllMocks());

describe.each([
  [
    "the state of a neighbor",
    (within: object) => readOwned(where, { patience: 50_000, ...within }),
    "drift.cause",
  ],
  [
    "an account",
    (within: object) => readAccount(where, question, { patience: 50_000, ...within }),
    "gaps.0.cause",
  ],
])("reading %s", (_what, read, cause) => {
  it("says why where it fails, and does not throw", async () => {
    expect(await read({})).toHaveProperty(cause, "there is no Pulumi.yaml in /nowhere");
  });

  it("is given up when it takes longer than it may", async () => {
    jest.spyOn(Stack, "openExisting").mockImplementation(never);
    expect(await read({ patience: 1 })).toHaveProperty(cause, "it took longer than 0 seconds");
  });

  it("is given up when it is interrupted, before and meanwhile", async () => {
    jest.spyOn(Stack, "openExisting").mockImplementation(never);
    const controller = new AbortController();
    const reading = read({ signal: controller.signal });
    controller.abort();
    expect(await reading).toHaveProperty(cause, "interrupted");
    expect(await read({ signal: AbortSignal.abort() })).toHaveProperty(cause, "interrupted");
  });
});
