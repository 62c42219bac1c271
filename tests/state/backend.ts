import { type Stack, StackLockedError } from "../../ops/stacks";
import { isStaleLock } from "../../ops/stacks/run/lock";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../support/engine-fixture";
import type { TestServer } from "../support/server";

/** The guarantees that a team needs from every backend; for a folder, tests/stack has them. */
export function describeBackend(name: string, start: () => Promise<TestServer>): void {
  describe(`state in ${name}`, () => {
    jest.setTimeout(engineTimeout);
    let lab: EngineFixture;
    let backend: TestServer;
    let first: Stack;
    let second: Stack;
    beforeAll(async () => {
      [lab, backend] = await Promise.all([startEngineFixture(), start()]);
      first = await lab.stack(setup());
      await first.up();
      second = await lab.stack(setup());
    });
    afterAll(async () => {
      await lab.close();
      await backend.close();
    });

    /** The same state in an operator's own checkout. */
    const setup = (passphrase = "passphrase") => ({ name: "team", env: backend.env, passphrase });

    test("one operator creates the stack, another opens it, and no copy stays on a laptop", async () => {
      expect(formatChanges((await second.preview()).changes)).toEqual([]);
      expect(Object.keys(lab.files()).filter((path) => /state\/\.pulumi\/stacks/.test(path))).toEqual([]);
    });

    test("refuses a wrong passphrase before anything changes", async () => {
      const before = lab.twin.requests.length;
      await expect((await lab.stack(setup("another"))).up()).rejects.toThrow("incorrect passphrase");
      expect(lab.twin.requests.length).toBe(before);
    });

    test("reports the holder of the lock to a second operator, and the first continues", async () => {
      const { id: hold } = lab.twin.faults.add({
        on: { service: "cloudflare" },
        count: { first: 1 },
        effect: { kind: "hold", when: "before" },
      });
      const going = first.up();
      await lab.twin.faults.waitUntilHeld(hold, going);
      await expect(second.up()).rejects.toThrow(/locked by \S+@\S+ \(pid \d+\)/);
      lab.twin.faults.release(hold);
      expect(formatChanges((await going).changes)).toEqual([]);
    });

    test("a killed run leaves a lock that names it; after its removal, the next run completes the work", async () => {
      const changed = { ...setup(), config: { "entra-access:identityProvider": { prompt: "login" } } };
      const { id: hold } = lab.twin.faults.add({
        on: { service: "cloudflare", method: "PUT" },
        count: { first: 1 },
        effect: { kind: "hold", when: "before" },
      });
      const dying = lab.failure("up", { ...changed, ownPlugins: true, checkpoints: true });
      await lab.twin.faults.waitUntilHeld(hold, dying);
      const next = await lab.stack(changed);
      const [running] = await locksOn(next);
      expect(running && isStaleLock(running)).toBe(false);
      process.kill(running?.pid ?? Number.NaN, "SIGKILL");
      lab.twin.faults.release(hold);
      await dying;

      const [left] = await locksOn(next);
      expect(left).toEqual(running);
      expect(left && isStaleLock(left)).toBe(true);
      await next.unlock();
      await next.up();
      // The config of the others, which lacks nothing but the change.
      const restored = formatChanges((await first.up()).changes);
      expect(restored).toEqual(["update entra-identity-provider config.prompt"]);
    });
  });
}

/** Reads the holder of the lock from a refused run. */
async function locksOn(stack: Stack) {
  const refused = await stack.up().catch((error: unknown) => error);
  if (!(refused instanceof StackLockedError)) throw new Error(`expected a locked stack, got ${refused}`);
  return refused.locks;
}
