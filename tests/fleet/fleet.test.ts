import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DriftReport } from "../../ops/drift/report";
import { mergeDriftReports } from "../../ops/drift/shards";
import { checkFleet } from "../../ops/fleet/fleet";
import { DEFAULT_FLEET_LIMITS } from "../../ops/fleet/schedule";
import type { Checkpoint } from "../support/checkpoint";
import { listCloudflareCopies } from "../support/clouds";
import { runCommand } from "../support/command";
import { sized } from "../support/size";
import { ANA, type Fleet, startFleet } from "./fleet-fixture";
import { deployWithProblems, expectReported } from "./scenario";
import { type CreatedObject, createOneOfEachKind } from "./unmanaged-objects";

const {
  stacks: STACKS,
  teams: TEAMS,
  drifted: DRIFTED,
  broken: BROKEN,
} = sized({ stacks: 7, teams: 3, drifted: 4, broken: 2 }, { stacks: 100, teams: 25, drifted: 7, broken: 3 });
jest.setTimeout(STACKS * 60_000);

let fleet: Fleet;
let expected: Awaited<ReturnType<typeof deployWithProblems>>;
let unmanagedObjects: readonly CreatedObject[];
/** A check of all stacks, and what it did. */
let fleetCheck: Awaited<ReturnType<typeof checkAll>>;
let report: DriftReport;
let broken: Checkpoint;
beforeAll(async () => {
  fleet = await startFleet(TEAMS);
  expected = await deployWithProblems(fleet, STACKS, DRIFTED, BROKEN);
  const first = fleet.teams[0] as Fleet["teams"][number];
  unmanagedObjects = await createOneOfEachKind(await fleet.administrator(first), first);
  broken = fleet.checkpoint();
  fleetCheck = await checkAll();
  report = fleetCheck.report;
});
beforeEach(() => broken.restore());
afterAll(() => fleet.close());

const readStates = () => {
  const folder = join(fleet.stateFolder, ".pulumi/stacks/entra-access");
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
};

async function checkAll() {
  const before = readStates();
  const requestCount = fleet.twin.requests.length;
  const calls: string[] = [];
  let [now, most] = [0, 0];
  const report = await checkFleet({
    ...fleet,
    env: sized(fleet.env, fleet.envWithPlugins),
    stacks: "all",
    onStack: (stack, drift) => {
      calls.push(`${drift ? "end" : "begin"} ${stack}`);
      now += drift ? -1 : 1;
      most = Math.max(most, now);
    },
  });
  return {
    report,
    before,
    after: readStates(),
    calls,
    most,
    requests: fleet.twin.requests.slice(requestCount),
  };
}

test(`reports exactly the problems of ${STACKS} stacks`, () => {
  const { before, after, calls, most, requests } = fleetCheck;
  expect(report).toMatchObject({ schema: "entra-access/drift/1", result: "drift" });
  expect(report.stacks.map(({ stack }) => stack)).toEqual([...expected.keys()].sort());
  for (const drift of report.stacks) {
    const problem = expected.get(drift.stack);
    if (problem) expectReported(drift, problem);
  }
  const due = report.stacks.filter(({ rotation }) => rotation?.due).map(({ stack }) => stack);
  expect(due).toEqual(["rotation-due"]);
  expect(calls.sort()).toEqual(
    [...expected.keys()].flatMap((name) => [`begin ${name}`, `end ${name}`]).sort(),
  );

  expect(most).toBe(Math.min(STACKS, DEFAULT_FLEET_LIMITS.machine));

  expect(after).toEqual(before);
  const writes = requests.filter(({ service, method }) => {
    return (service === "graph" || service === "cloudflare") && method !== "GET";
  });
  expect(writes).toEqual([]);

  // Once for each account with drift: of the unmanaged objects, "groups" and in the long run "gone".
  const logs = requests.flatMap(({ path }) => /([0-9a-f]{32})\/logs\/audit$/.exec(path)?.[1] ?? []);
  const drifted = sized([0, 2], [0, 2, 4]);
  expect(logs.sort()).toEqual(drifted.map((i) => fleet.teams[i]?.accountId).sort());
});

test("reports the unmanaged objects of an account once", () => {
  const [first] = fleet.teams;
  const drifted = report.accounts.filter(({ result }) => result !== "in sync");
  expect(report.accounts).toHaveLength(TEAMS);
  expect(drifted).toEqual([
    {
      accountId: first?.accountId,
      result: "drift",
      unmanaged: unmanagedObjects.map(({ activity, ...object }) => ({
        ...object,
        changedBy: [{ at: expect.stringMatching(/^20\d\d-.*Z$/), by: ANA, activity }],
      })),
      unchecked: [],
    },
  ]);
});

test("the report contains no secret", () => {
  const text = JSON.stringify(report);
  const secrets = [
    ...listCloudflareCopies(fleet.twin).map(({ clientSecret }) => clientSecret),
    ...fleet.teams.flatMap(({ tenant, account }) => [
      ...tenant.principals.map(({ secret }) => secret),
      ...account.tokens.map(({ value }) => value),
    ]),
  ];
  expect(secrets.length).toBeGreaterThan(STACKS);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

const listDriftedAccounts = () => report.accounts.filter(({ result }) => result === "drift");

test("checks some stacks, with the managed objects of others from their states; an account stays in sync when the token may not read its audit log", async () => {
  const team = fleet.teams[2] as Fleet["teams"][number];
  fleet.set("groups", { "cloudflare:apiToken": team.tokens.deployer.value });
  const alone = ["redirect-uri", "groups", "--concurrency", "1"];
  const { code, out, err } = await fleet.command("drift", ...alone, "--people", "--json");
  expect(code).toBe(2);
  const { stacks, accounts } = JSON.parse(out) as DriftReport;
  const people = { applications: [], notes: [], people: expect.any(Number) };
  expect(stacks).toMatchObject([
    { stack: "groups", people, differences: [{ property: "config.supportGroups" }] },
    { stack: "redirect-uri", people },
  ]);
  expect(err).toMatch(/^✗ redirect-uri: drift \(.* s\)$/m);
  expect(err).toMatch(/^✗ account [0-9a-f]{32}: drift \(.* s\)$/m);

  expect(stacks[0]?.differences[0]).not.toHaveProperty("changedBy");
  const [drifted, inSync] = accounts.toSorted((one, other) => one.result.localeCompare(other.result));
  expect([drifted]).toEqual(listDriftedAccounts());
  expect(inSync).toMatchObject({ accountId: team.accountId, result: "in sync", unmanaged: [] });
  expect(inSync?.unchecked).toContainEqual({
    subject: "audit log of Cloudflare",
    cause: "Cloudflare 10000: Authentication error",
    permission: "Account Settings Read",
  });
});

test("an accepted object is no drift", async () => {
  const accepted = join(fleet.projectFolder, "accepted.txt");
  const ids = listDriftedAccounts().flatMap(({ unmanaged }) => unmanaged.map(({ id }) => id));
  writeFileSync(accepted, ["# the guests' group", ...ids.map((id) => `${id} # eve`)].join("\n"));
  const args = ["drift", "rotation-due", "--markdown", "--accepted", accepted, "-C", fleet.projectFolder];
  const { code, out } = await runCommand(args, fleet.envWithPlugins);
  expect(out).toMatch(/^### Drift: in sync&#58; 1 of 1 stacks in sync/);
  expect(out).toMatch(/^\| rotation-due \| in sync \| 0 \| due \|/m);
  expect(code).toBe(0);
});

test("fails for a stack that does not exist", async () => {
  await expect(checkFleet({ ...fleet, stacks: ["groups", "nobody"] })).rejects.toThrow(
    "there is no stack nobody",
  );
  await expect(checkFleet({ ...fleet })).rejects.toThrow("no stack is selected");
});

// With few stacks, the tests of the parts suffice.
if (sized(false, true)) {
  test("two machines with half of the fleet each find the same", async () => {
    const shards = [1, 2].map((index) => checkFleet({ ...fleet, stacks: "all", shard: { index, of: 2 } }));
    const halves = await Promise.all(shards);
    for (const { stacks } of halves) expect(stacks.length).toBeGreaterThan(STACKS * 0.4);
    // The request that is throttled first is random.
    const stacks = report.stacks.map((one) =>
      one.stack === "throttled" ? { ...one, cause: expect.stringContaining("429") } : one,
    );
    expect(mergeDriftReports(halves)).toEqual({ ...report, stacks, checkedAt: expect.any(String) });
  });
}

test("--repair does nothing when nobody can confirm it", async () => {
  const before = readStates();
  const { code, err } = await fleet.command("drift", "groups", "--repair");
  expect(code).toBe(1);
  expect(err).toContain("error: --repair must be confirmed, but the input is no terminal. Add --yes");
  expect(readStates()).toEqual(before);
});

test("--repair --yes updates the drifted stacks and checks them again, but leaves unmanaged objects", async () => {
  const stacks = ["groups", "redirect-uri", "locked", "--concurrency", "1"];
  const { code, out } = await fleet.command("drift", ...stacks, "--repair", "--yes", "--json");
  const after = JSON.parse(out) as DriftReport;
  expect(after.stacks.map(({ stack, result }) => `${stack}: ${result}`)).toEqual([
    "groups: in sync",
    "locked: unknown",
    "redirect-uri: in sync",
  ]);
  const { unmanaged } = after.accounts.find(({ result }) => result === "drift") ?? {};
  expect(unmanaged).toHaveLength(unmanagedObjects.length);
  expect(code).toBe(2);
});
