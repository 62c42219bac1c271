import { join } from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Stack, StackError } from "../../../ops/stacks";
import { type Checkpoint, createCheckpoint } from "../../support/checkpoint";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const day = 24 * 60 * 60;
const lab = useEngineFixture();
let stack: Stack;
let deployed: Checkpoint;
beforeAll(async () => {
  const directory = join(lab.folder, "stack");
  stack = await lab.stack({ context, directory });
  await stack.up();
  deployed = createCheckpoint(lab, directory);
});
beforeEach(() => deployed.restore());

/** The twin's time, which passes only where somebody waits. */
const context = {
  now: () => lab.twin.clock.now(),
  wait: async (milliseconds: number) => lab.twin.clock.advance(milliseconds / 1000),
};

/** Lists a run's writes to the clouds, as "addPassword" or "PUT identity_providers". */
async function writesOf(run: () => Promise<unknown>): Promise<string[]> {
  const already = lab.twin.requests.length;
  await run();
  const made = lab.twin.requests.slice(already);
  return made
    .filter(({ service, method }) => service !== "login" && method !== "GET")
    .map(({ method, path }) => /\/(\w+Password)$/.exec(path)?.[1] ?? `${method} ${path.split("/").at(-2)}`);
}

const inUse = async () => (await stack.outputs()).rotation?.value;
const step = (credential: object) => stack.configure({ "entra-access:credential": credential });
const untilDue = async () => (Date.parse((await inUse()).dueAt) - lab.twin.clock.now().getTime()) / 1000;

test("a rotation makes a secret, sends it to Cloudflare and keeps the one before; then nothing is left to do", async () => {
  const before = await inUse();
  lab.twin.clock.advance((await untilDue()) + 1);
  const { changes, warnings } = await stack.preview();
  expect(formatChanges(changes)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^replace entra-credential .*rotateWhenChanged/)]),
  );
  expect(warnings).toEqual([
    expect.stringContaining(`number 1 has been due for rotation since ${before.dueAt}`),
  ]);

  expect(await writesOf(() => stack.up())).toEqual(["addPassword", "PUT identity_providers"]);
  const after = await inUse();
  expect(after).toMatchObject({
    number: 2,
    displayName: "entra-access:entra-access/test#2 cloudflare-access",
  });
  expect(after.keyId).not.toBe(before.keyId);
  expect(await writesOf(() => stack.up())).toEqual([]);
});

test("changed lifetimes apply from the next rotation on", async () => {
  const before = await inUse();
  const others = { periodDays: 20, graceDays: 5, description: "other", phaseHours: 7 };
  await step(others);
  expect(await writesOf(() => stack.up())).toEqual([]);
  expect(await inUse()).toEqual(before);

  await step({ ...others, rotation: 2 });
  await stack.up();
  expect(await inUse()).toMatchObject({
    number: 2,
    displayName: "entra-access:entra-access/test#2 other",
    periodDays: 20,
    graceDays: 5,
  });
});

test("waits with progress until Entra accepts the secret, before Cloudflare receives it", async () => {
  lab.twin.secretDelaySeconds = 18;
  await step({ rotation: 2 });
  const { output } = await stack.up();
  expect(output).toContain("does not accept the new client secret yet (AADSTS7000215): 14 of 600 seconds");
  expect(output).not.toContain("30 of 600 seconds");
  const last = lab.twin.requests.filter(({ service }) => service === "login").slice(-7);
  expect(last.map(({ status }) => status)).toEqual([401, 401, 401, 401, 200, 200, 200]);
});

test("does not send a secret that never works; the next up sends the same one", async () => {
  const before = await inUse();
  lab.twin.secretDelaySeconds = day;
  await step({ rotation: 2 });
  let error: StackError | undefined;
  const writes = await writesOf(() => stack.up().catch((reason: StackError) => (error = reason)));
  expect(writes).toEqual(["addPassword"]);
  expect(error?.causes).toEqual([
    expect.stringMatching(
      /Entra refuses the client secret after 600 s, .*AADSTS7000215.*credential\.rotation/,
    ),
  ]);
  expect(await inUse()).toEqual(before);

  lab.twin.secretDelaySeconds = 0;
  expect(await writesOf(() => stack.up())).toEqual(["PUT identity_providers"]);
  expect(await inUse()).toMatchObject({ number: 2 });
});

test("replaces a compromised secret at once, even within an overlap, and reports the others", async () => {
  await step({ rotation: 2 });
  await stack.up();
  await step({ rotation: 2, compromised: 2 });
  expect(await writesOf(() => stack.up())).toEqual(["addPassword", "PUT identity_providers"]);
  const { number, startedAt, graceEndsAt } = await inUse();
  expect({ number, graceEndsAt }).toEqual({ number: 3, graceEndsAt: startedAt });
});

describe("a state from a backup", () => {
  let backup: Deployment;
  beforeEach(async () => {
    backup = await stack.export();
    await step({ rotation: 2 });
    await stack.up();
    await stack.import(backup);
    await step({});
  });

  test("with an expired secret: does not send it, and names the command that makes another", async () => {
    lab.twin.clock.set(new Date(Date.parse((await inUse()).expiresAt) - 1000));
    const atTheTime = { ...context, now: () => new Date(0) };
    const old = await lab.stack({ context: atTheTime });
    await old.import(backup);
    lab.twin.clock.advance(2);
    await old.configure({ "entra-access:identityProvider": { displayName: "Another name" } });
    let error: StackError | undefined;
    const writes = await writesOf(() => old.up().catch((reason: StackError) => (error = reason)));
    expect(writes).toEqual([]);
    expect(error?.causes.join()).toMatch(
      /AADSTS7000222.*state was restored from a backup.*credential\.rotation/,
    );
  });

  test("that is older than a period: rotates as usual", async () => {
    lab.twin.clock.advance((await untilDue()) + 1);
    expect(await writesOf(() => stack.up())).toEqual(["addPassword", "PUT identity_providers"]);
    expect(await inUse()).toMatchObject({ number: 2 });
  });
});
