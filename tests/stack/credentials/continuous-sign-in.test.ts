import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessIdentityProvider } from "../../../components/access/identity-provider";
import { EntraApplication } from "../../../components/entra/application";
import type { Stack, StackError } from "../../../ops/stacks";
import { contoso, contosoUsers } from "../../../twin/index";
import { type EngineFixture, startEngineFixture } from "../../support/engine-fixture";
import { sized } from "../../support/size";
import { Browser } from "../../twin/entra/browser";

jest.setTimeout(900_000);

/** Sign-ins in each second that the program waits; one more follows each request of the plugins. */
const perSecond = sized(4, 20);
let lab: EngineFixture;
let browsers: Browser[];
let another: Browser;
/** Seconds are those of the twin's clock, while the program waited. */
let load: { signIns: number; seconds: number; failures: string[] };
/** Called whenever the program waits. */
let duringWait: () => void;
let directory: string;
beforeAll(async () => {
  lab = await startEngineFixture();
  directory = mkdtempSync(join(tmpdir(), "entra-access-sign-in-"));
  browsers = Array.from({ length: 4 }, () => new Browser(lab.twin));
  another = new Browser(lab.twin);
});
beforeEach(() => {
  lab.twin.reset();
  lab.twin.secretDelaySeconds = 5;
  load = { signIns: 0, seconds: 0, failures: [] };
  duringWait = () => {};
});
afterAll(async () => {
  await Promise.all([another, ...browsers].map((browser) => browser.close()));
  await lab.close();
  rmSync(directory, { recursive: true });
});

/** Signs a person in: Access, Entra, callback with Cloudflare's secret, groups from Graph. */
async function signIn(browser: Browser, address: string): Promise<void> {
  let shown = await browser.go(address);
  if (shown.html.includes('name="user"')) shown = await browser.signIn(contosoUsers.ada);
  load.signIns += 1;
  if (!shown.html.includes("Your connection works!")) load.failures.push(`${shown.status} ${shown.html}`);
}

/** Signs people in for one second. */
async function second(address: string): Promise<void> {
  const each = browsers.map(async (browser) => {
    for (let n = 0; n < perSecond / browsers.length; n++) await signIn(browser, address);
  });
  await Promise.all(each);
}

/** Runs `up` while people sign in: at every request that it makes, and every second that the program waits. */
async function underLoad(stack: Stack): Promise<unknown> {
  isRunning = true;
  return stack
    .up()
    .then(
      () => undefined,
      (error: StackError) => error,
    )
    .finally(() => {
      isRunning = false;
    });
}

let isRunning = false;
/** The chain of sign-ins, one after every request of the plugins. */
let turn = Promise.resolve();
const afterEachRequest = () => {
  if (!isRunning) return Promise.resolve();
  turn = turn.then(async () => signIn(another, await address));
  return turn;
};

const wait = async (milliseconds: number) => {
  duringWait();
  for (let passed = 0; passed < milliseconds; passed += 1000) {
    lab.twin.clock.advance(1);
    if (!isRunning) continue; // the first deployment, before anybody can sign in
    load.seconds += 1;
    await second(await address);
  }
};
let address: Promise<string>;
const addressOf = async (stack: Stack) => lab.twin.browserUrlOf((await stack.outputs()).testUrl?.value);

/** Kills the engine without letting it write anything or release its lock. */
function killEngine(): never {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  for (const line of processes.split("\n")) {
    const [pid, parent, command = ""] = line.trim().split(/\s+/);
    if (Number(parent) === process.pid && /(^|\/)pulumi$/.test(command)) process.kill(Number(pid), "SIGKILL");
  }
  throw new Error("the engine is gone");
}

/** The number of rotations, and those that skip numbers, fail halfway and are interrupted. */
const { rounds, skips, fails, isInterrupted } = sized(
  { rounds: 4, skips: 2, fails: 3, isInterrupted: 4 },
  { rounds: 10, skips: 3, fails: 5, isInterrupted: 7 },
);

test(`people sign in through ${rounds} rotations, one that skips, one that fails halfway, one that is interrupted`, async () => {
  const stack = await lab.stack({ context: { wait }, directory, afterEachRequest, checkpoints: true });
  address = Promise.resolve("");
  lab.twin.secretDelaySeconds = 0;
  await stack.up();
  lab.twin.secretDelaySeconds = 5;
  address = addressOf(stack);
  const rotation = async () => (await stack.outputs()).rotation?.value;

  for (let round = 1; round <= rounds; round++) {
    const { number, dueAt } = await rotation();
    if (round === skips)
      await stack.configure({ "entra-access:credential": { rotation: number + 4, force: number + 4 } });
    else lab.twin.clock.set(new Date(Date.parse(dueAt) + 1000));
    const on = { service: "graph", method: "GET", path: "/v1.0/applications/*" } as const;
    lab.twin.faults.clear();
    lab.twin.faults.add({ on, effect: { kind: "lag", answers: 2 } });
    if (round === fails) {
      const put = { service: "cloudflare", method: "PUT" } as const;
      lab.twin.faults.add({ on: put, count: { first: 1 }, effect: { kind: "error", status: 404 } });
      expect(await underLoad(stack)).toBeDefined();
    }
    if (round === isInterrupted) {
      duringWait = killEngine;
      expect(await underLoad(stack)).toBeDefined();
      await stack.unlock();
      duringWait = () => {};
    }
    expect(await underLoad(stack)).toBeUndefined();
    expect((await rotation()).number).toBe(number + (round === skips ? 4 : 1));
    expect(load.failures).toEqual([]);
  }
  expect(load.seconds).toBeGreaterThanOrEqual(rounds * 6);
  expect(load.signIns / load.seconds).toBeGreaterThanOrEqual(perSecond);
});

test("the same load causes failures when the secret is sent without a probe", async () => {
  let rotation = 1;
  const { accountId, teamName } = contoso;
  const program = async () => {
    const application = new EntraApplication("entra", {
      displayName: "Access",
      teamName,
      clientSecret: { endDate: "2098-01-01T00:00:00Z", number: rotation },
    });
    const { clientId, clientSecret, tenantId: directoryId } = application;
    const args = { accountId, teamName, clientId, clientSecret, directoryId };
    const { testUrl } = new AccessIdentityProvider("entra", args, { dependsOn: application });
    return { testUrl };
  };
  const stack = await lab.stack({ program, afterEachRequest });
  await stack.up();
  lab.twin.clock.advance(60);
  address = addressOf(stack);
  await second(await address);
  expect(load.failures).toEqual([]);
  rotation = 2;
  expect(await underLoad(stack)).toBeUndefined();
  await second(await address);
  expect(load.failures.join()).toContain("AADSTS7000215");
});
