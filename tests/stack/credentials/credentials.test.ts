import { join } from "node:path";
import { type RotationMode, requestRotation } from "../../../ops/recovery/client-secrets/rotate";
import { type DeployResult, deployStack } from "../../../ops/recovery/deploy";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { type Checkpoint, createCheckpoint } from "../../support/checkpoint";
import { checkSignIns } from "../../support/clouds";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const day = 24 * 60 * 60;
const progress = new Progress({ write: () => true });
const lab = useEngineFixture();
let stack: Stack;
let directory: string;
let deployed: Checkpoint;
let path: string;
beforeAll(async () => {
  directory = join(lab.folder, "stack");
  stack = await lab.stack({ context, directory });
  await up();
  path = `/applications/${(await stack.outputs()).applicationObjectId?.value}`;
  deployed = createCheckpoint(lab, directory);
});
beforeEach(() => deployed.restore());

/** Seconds that the clock of the machine that runs the stack is ahead. */
let wrong = 0;
/** The twin's time, which passes only where somebody waits. */
const context = {
  now: () => new Date(lab.twin.clock.now().getTime() + wrong * 1000),
  wait: async (milliseconds: number) => lab.twin.clock.advance(milliseconds / 1000),
};
const up = (options: { resend?: boolean } = {}): Promise<DeployResult> =>
  deployStack(stack, { progress, ...options });

async function rotate(how: RotationMode): Promise<DeployResult> {
  await requestRotation(stack, how, lab.twin.clock.now());
  return up();
}

async function application() {
  const { graph } = await lab.administrator();
  return { graph, passwords: (await graph.api(path).get()).passwordCredentials };
}

/** Lists the rotation numbers of the stack's client secrets in Entra. */
async function numbers(): Promise<number[]> {
  const { passwords } = await application();
  return passwords
    .map(({ displayName }: { displayName: string }) => Number(/#(\d+)/.exec(displayName)?.[1]))
    .sort();
}

test("a rotation keeps the previous secret until the overlap ends; another one before that needs force", async () => {
  expect((await rotate("regular")).deployed).toMatchObject({ number: 2 });
  expect(await numbers()).toEqual([1, 2]);
  await expect(rotate("regular")).rejects.toThrow(/number 2 overlaps with it until/);
  expect((await rotate("forced")).deployed).toMatchObject({ number: 3 });
  expect(await numbers()).toEqual([1, 2, 3]);

  lab.twin.clock.advance(29 * day);
  expect((await up()).removed).toEqual([]);
  lab.twin.clock.advance(2 * day);
  const { removed } = await up();
  expect(removed.map(({ rotation, reason }) => `${rotation} ${reason}`)).toEqual([
    "1 overlap ended",
    "2 overlap ended",
  ]);
  expect(await numbers()).toEqual([3]);
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
});

test("removes a compromised secret as soon as the new one is in use, and not before", async () => {
  await rotate("regular");
  const requests = lab.twin.requests.length;
  expect((await rotate("compromised")).deployed).toMatchObject({ number: 3 });
  const writes = lab.twin.requests
    .slice(requests)
    .filter(({ service, method }) => service !== "login" && method !== "GET")
    .map(({ path }) =>
      path
        .split("/")
        .at(-1)
        ?.replace(/[0-9a-f-]{36}/, "<id>"),
    );
  expect(writes).toEqual(["addPassword", "<id>", "removePassword", "removePassword"]);
  expect(await numbers()).toEqual([3]);
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
});

test("a failed rotation keeps the secret in use, and a second request repeats it", async () => {
  lab.twin.faults.add({
    on: { service: "graph", path: "/v1.0/applications/*/addPassword" },
    effect: { kind: "error", status: 404 },
  });
  const config = { "entra-access:credential": { rotation: 2 } };
  expect((await lab.failure("up", { directory, config })).message).toMatch(/Adding password/);
  lab.twin.faults.clear();
  expect((await rotate("regular")).deployed).toMatchObject({ number: 2 });
  expect(await numbers()).toEqual([1, 2]);
});

test("with a state from last month, removes the secret in use only after Cloudflare has a working one", async () => {
  const lastMonth = await stack.export();
  await rotate("regular");
  await stack.import(lastMonth);
  const { removed, deployed } = await up();
  expect(removed.map(({ rotation, reason }) => `${rotation} ${reason}`)).toEqual(["2 orphaned"]);
  expect(deployed).toMatchObject({ number: 2 });
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
});

test("with a state from last month whose secret is missing in Entra, makes a new one", async () => {
  const lastMonth = await stack.export();
  await rotate("compromised");
  await stack.import(lastMonth);
  await up();
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
  expect(await numbers()).toHaveLength(1);
});

describe("a machine whose clock is wrong by a day", () => {
  const everyClock = (seconds: number) => {
    wrong = seconds;
    const now = () => lab.twin.clock.now().getTime() + wrong * 1000;
    return jest.spyOn(Date, "now").mockImplementation(now);
  };
  afterEach(() => {
    wrong = 0;
    jest.restoreAllMocks();
  });
  const deployed = async () => (await stack.outputs()).rotation?.value;
  const goTo = async (date: string, seconds: number) =>
    lab.twin.clock.set(new Date(Date.parse(date) + seconds * 1000));

  test("and ahead: rotates early and removes nothing that still works", async () => {
    await rotate("regular");
    const { graceEndsAt, dueAt } = await deployed();
    await goTo(graceEndsAt, -day / 2);
    everyClock(day);
    expect((await up()).removed).toEqual([]);
    await goTo(dueAt, -day / 2);
    expect(await up()).toMatchObject({ deployed: { number: 3 }, removed: [] });
    expect(await numbers()).toEqual([1, 2, 3]);
    expect(await checkSignIns(lab.twin)).toEqual(["200"]);

    everyClock(0);
    lab.twin.clock.advance(day);
    expect((await up()).run.changes).toEqual([]);
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  test("and behind: rotates late, within the overlap", async () => {
    const { dueAt, expiresAt } = await deployed();
    everyClock(-day);
    await goTo(dueAt, day / 2);
    expect((await up()).run.changes).toEqual([]);
    await goTo(expiresAt, -day / 2);
    expect((await up()).deployed).toMatchObject({ number: 2 });
    expect(await numbers()).toEqual([1, 2]);
    expect(await checkSignIns(lab.twin)).toEqual(["200"]);
  });
});

test("replaces a wrong copy at Cloudflare, which no preview shows, on request", async () => {
  const { cloudflare, accountId } = await lab.administrator();
  const id = String((await stack.outputs()).identityProviderId?.value);
  const found = (await cloudflare.zeroTrust.identityProviders.get(id, {
    account_id: accountId,
  })) as never as {
    config: { redirect_url: string };
  };
  const { redirect_url: _url, ...config } = found.config;
  const body = { ...found, account_id: accountId, config: { ...config, client_secret: "mistyped" } };
  const { name, type, scim_config } = body as never as { name: string; type: string; scim_config: object };
  const sent = { account_id: accountId, name, type, config: body.config, scim_config };
  await cloudflare.zeroTrust.identityProviders.update(id, sent as never);
  expect(await checkSignIns(lab.twin)).toEqual(["7000215"]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);

  expect(formatChanges((await up({ resend: true })).run.changes)).toEqual([]);
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
});

test("reports and keeps a client secret that was added by hand, and replaces a missing one", async () => {
  const { graph, passwords } = await application();
  await graph.api(`${path}/addPassword`).post({ passwordCredential: { displayName: "by hand" } });
  const { clientSecretIssues, removed } = await up();
  expect(clientSecretIssues.map(({ kind }) => kind)).toEqual(["added by hand"]);
  expect(removed).toEqual([]);

  await graph.api(`${path}/removePassword`).post({ keyId: passwords[0].keyId });
  expect(await checkSignIns(lab.twin)).toEqual(["7000215"]);
  await up();
  expect(await checkSignIns(lab.twin)).toEqual(["200"]);
});
