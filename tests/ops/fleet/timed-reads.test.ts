import { checkAccountInTime, readManagedInTime } from "../../../ops/fleet/timed-reads";
import { Stack } from "../../../ops/stacks";

const location = {
  stack: "payments",
  target: { accountId: "a" },
  projectFolder: "/nowhere",
  engine: { command: "/nowhere/pulumi", version: "3.232.0", source: "on PATH" },
  env: {},
};
const never = () => new Promise<never>(() => {});
const query = { accountId: "a", since: "2026-01-01T00:00:00Z", changed: [] };
afterEach(() => jest.restoreAllMocks());

describe.each([
  [
    "the state of a neighbor",
    (limit: object) => readManagedInTime(location, { timeoutMs: 50_000, ...limit }),
    "drift.cause",
  ],
  [
    "an account",
    (limit: object) => checkAccountInTime(location, query, { timeoutMs: 50_000, ...limit }),
    "drift.unchecked.0.cause",
  ],
])("reading %s", (_what, read, cause) => {
  it("returns the cause instead of throwing when it fails", async () => {
    expect(await read({})).toHaveProperty(cause, "there is no Pulumi.yaml in /nowhere");
  });

  it("ends when it exceeds the timeout", async () => {
    jest.spyOn(Stack, "openExisting").mockImplementation(never);
    expect(await read({ timeoutMs: 1 })).toHaveProperty(cause, "it took longer than 0 seconds");
  });

  it("ends when it is interrupted, before and during the read", async () => {
    jest.spyOn(Stack, "openExisting").mockImplementation(never);
    const controller = new AbortController();
    const reading = read({ signal: controller.signal });
    controller.abort();
    expect(await reading).toHaveProperty(cause, "interrupted");
    expect(await read({ signal: AbortSignal.abort() })).toHaveProperty(cause, "interrupted");
  });
});
