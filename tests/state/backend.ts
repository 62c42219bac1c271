import { type Stack, StackLocked } from "../../ops/stacks";
import { isAbandoned } from "../../ops/stacks/lock";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../support/engine-fixture";
import type { TestServer } from "../support/server";

/** What a team has to rely on, wherever its state is. */
export function describeBackend(name: string, start: () => Promise<TestServer>): void {
  describe(`state in ${name}`, () => {
    jest.setTimeout(engineTimeout);
    let lab: EngineFixture;
    let backend: TestServer;
    beforeAll(async () => {
      [lab, backend] = await Promise.all([startEngineFixture(), start()]);
      await (await stack()).up();
    });
    afterAll(async () => {
      await lab.close();
      await backend.close();
    });

    /** Each call is another operator's checkout; the state is the same. */
    const setup = (passphrase = "passphrase") => ({ name: "team", env: backend.env, passphrase });
    const stack = (passphrase?: string) => lab.stack(setup(passphrase));

    test("one makes it, another finds it; no copy is left on a laptop", async () => {
      expect(formatChanges((await (await stack()).preview()).changes)).toEqual([]);
      expect(Object.keys(lab.files()).filter((path) => /state\/\.pulumi\/stacks/.test(path))).toEqual([]);
    });

    test("a wrong passphrase is said before anything happens, and harms nothing", async () => {
      const before = lab.twin.requests.length;
      await expect((await stack("another")).up()).rejects.toThrow("incorrect passphrase");
      expect(lab.twin.requests.length).toBe(before);
      expect(formatChanges((await (await stack()).preview()).changes)).toEqual([]);
    });

    test("two at once: the second is told who is at it, and the first goes on", async () => {
      const [first, second] = [await stack(), await stack()];
      const { id: hold } = lab.twin.faults.add({
        on: { service: "cloudflare" },
        count: { first: 1 },
        effect: { kind: "hold", when: "before" },
      });
      const going = first.up();
      await lab.twin.faults.waitUntilHeld(hold);
      await expect(second.up()).rejects.toThrow(/locked by \S+@\S+ \(pid \d+\)/);
      lab.twin.faults.release(hold);
      expect(formatChanges((await going).changes)).toEqual([]);
    });

    test("a run that died leaves its lock, which names it; taken off, the next run finishes the work", async () => {
      const changed = { ...setup(), config: { "entra-access:identityProvider": { prompt: "login" } } };
      const { id: hold } = lab.twin.faults.add({
        on: { service: "cloudflare", method: "PUT" },
        count: { first: 1 },
        effect: { kind: "hold", when: "before" },
      });
      const dying = lab.failure("up", { ...changed, ownPlugins: true });
      await lab.twin.faults.waitUntilHeld(hold);
      const next = await lab.stack(changed);
      const [running] = await locksOn(next);
      expect(running && isAbandoned(running)).toBe(false);
      process.kill(running?.pid ?? Number.NaN, "SIGKILL");
      lab.twin.faults.release(hold);
      await dying;

      const [left] = await locksOn(next);
      expect(left).toEqual(running);
      expect(left && isAbandoned(left)).toBe(true);
      await next.unlock();
      await next.up();
      expect(formatChanges((await next.preview()).changes)).toEqual([]);
      // As the other tests have it.
      await (await stack()).up();
    });
  });
}

/** Who holds the stack, as a run that is refused is told. */
async function locksOn(stack: Stack) {
  const refused = await stack.up().catch((error: unknown) => error);
  if (!(refused instanceof StackLocked)) throw new Error(`expected a locked stack, got ${refused}`);
  return refused.locks;
}
