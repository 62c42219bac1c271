import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { driftOf } from "../../ops/drift/fleet/fleet";
import { DEFAULT_LIMITS } from "../../ops/drift/fleet/schedule";
import type { DriftReport } from "../../ops/drift/report";
import { mergeReports } from "../../ops/drift/shards";
import type { Checkpoint } from "../support/checkpoint";
import { listCloudflareCopies } from "../support/clouds";
import { sized } from "../support/size";
import { type Made, makeOneOfEach } from "./intruder";
import { ANA, type Fleet, startFleet } from "./lab";
import { expectToldOf, trouble } from "./scenario";

const {
  stacks: STACKS,
  teams: TEAMS,
  drifted: DRIFTED,
} = sized({ stacks: 10, teams: 5, drifted: 5 }, { stacks: 100, teams: 25, drifted: 7 });
jest.setTimeout(STACKS * 60_000);

let fleet: Fleet;
let expected: Awaited<ReturnType<typeof trouble>>;
let intruders: readonly Made[];
/** A look at all stacks, and what it did. */
let look: Awaited<ReturnType<typeof lookAtAll>>;
let report: DriftReport;
let broken: Checkpoint;
beforeAll(async () => {
  fleet = await startFleet(TEAMS);
  expected = await trouble(fleet, STACKS, DRIFTED);
  const first = fleet.teams[0] as Fleet["teams"][number];
  intruders = await makeOneOfEach(await fleet.administrator(first), first);
  broken = fleet.checkpoint();
  look = await lookAtAll();
  report = look.report;
});
beforeEach(() => broken.restore());
afterAll(() => fleet.close());

const states = () => {
  const folder = join(fleet.stateFolder, ".pulumi/stacks/entra-access");
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
};

async function lookAtAll() {
  const before = states();
  const asked = fleet.twin.requests.length;
  const seen: string[] = [];
  let [now, most] = [0, 0];
  const report = await driftOf({
    ...fleet,
    stacks: "all",
    onStack: (stack, drift) => {
      seen.push(`${drift ? "end" : "begin"} ${stack}`);
      now += drift ? -1 : 1;
      most = Math.max(most, now);
    },
  });
  return { report, before, after: states(), seen, most, requests: fleet.twin.requests.slice(asked) };
}

test(`of ${STACKS} stacks exactly those are reported that something is wrong with, and why`, () => {
  const { before, after, seen, most, requests } = look;
  expect(report).toMatchObject({ schema: "entra-access/drift/1", result: "drift" });
  expect(report.stacks.map(({ stack }) => stack)).toEqual([...expected.keys()].sort());
  for (const drift of report.stacks) {
    const wanted = expected.get(drift.stack);
    if (wanted) expectToldOf(drift, wanted);
  }
  const due = report.stacks.filter(({ rotation }) => rotation?.due).map(({ stack }) => stack);
  expect(due).toEqual(["rotation-due"]);
  expect(seen.sort()).toEqual(
    [...expected.keys()].flatMap((name) => [`begin ${name}`, `end ${name}`]).sort(),
  );

  expect(most).toBe(Math.min(STACKS, DEFAULT_LIMITS.machine));

  expect(after).toEqual(before);
  const writes = requests.filter(({ service, method }) => {
    return (service === "graph" || service === "cloudflare") && method !== "GET";
  });
  expect(writes).toEqual([]);

  // Once for each account where something is to be told of, and no other: of the intruders, "groups" and "gone".
  const logs = requests.flatMap(({ path }) => /([0-9a-f]{32})\/logs\/audit$/.exec(path)?.[1] ?? []);
  expect(logs.sort()).toEqual([0, 2, 3].map((i) => fleet.teams[i]?.accountId).sort());
});

test("what an account holds and no stack owns is told once, with what its stacks own left out", () => {
  const [first] = fleet.teams;
  const drifted = report.accounts.filter(({ result }) => result !== "as declared");
  expect(report.accounts).toHaveLength(TEAMS);
  expect(drifted).toEqual([
    {
      accountId: first?.accountId,
      result: "drift",
      unowned: intruders.map(({ activity, ...intruder }) => ({
        ...intruder,
        changedBy: [{ at: expect.stringMatching(/^20\d\d-.*Z$/), by: ANA, activity }],
      })),
      gaps: [],
    },
  ]);
});

test("no secret is in the report", () => {
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

const onlyDrifted = () => report.accounts.filter(({ result }) => result === "drift");

test("one stack alone, as a command: what the others of its account own is known from their states", async () => {
  const { code, out, err } = await fleet.command("drift", "redirect-uri", "--json");
  expect(code).toBe(2);
  const { stacks, accounts } = JSON.parse(out) as DriftReport;
  expect(stacks.map(({ stack }) => stack)).toEqual(["redirect-uri"]);
  expect(accounts).toEqual(onlyDrifted());
  expect(err).toMatch(/^✗ redirect-uri: drift \(.* s\)$/m);
  expect(err).toMatch(/^✗ account [0-9a-f]{32}: drift \(.* s\)$/m);
});

test("a token that may not read the account's log: who it was is not told, and that is no failure", async () => {
  const team = fleet.teams[2] as Fleet["teams"][number];
  fleet.set("groups", { "cloudflare:apiToken": team.tokens.deployer.value });
  const { code, out } = await fleet.command("drift", "groups", "--json");
  const { stacks, accounts } = JSON.parse(out) as DriftReport;
  expect(code).toBe(2);
  expect(stacks[0]?.differences).toEqual([expect.objectContaining({ property: "config.supportGroups" })]);
  expect(stacks[0]?.differences[0]).not.toHaveProperty("changedBy");
  expect(accounts).toMatchObject([{ accountId: team.accountId, result: "as declared", unowned: [] }]);
  expect(accounts[0]?.gaps).toContainEqual({
    what: "since when and by whom at Cloudflare",
    cause: "Cloudflare 10000: Authentication error",
    right: "Account Settings Read",
  });
});

test("what is accepted is no drift", async () => {
  const accepted = join(fleet.projectFolder, "accepted.txt");
  const ids = onlyDrifted().flatMap(({ unowned }) => unowned.map(({ id }) => id));
  writeFileSync(accepted, ["# the guests' group", ...ids.map((id) => `${id} # eve`)].join("\n"));
  const { code, out } = await fleet.command("drift", "rotation-due", "--markdown", "--accepted", accepted);
  expect(out).toMatch(/^### Drift: as declared&#58; 1 of 1 stacks as declared/);
  expect(out).toMatch(/^\| rotation-due \| as declared \| 0 \| due \|/m);
  expect(code).toBe(0);
});

test("a stack that is not there", async () => {
  await expect(driftOf({ ...fleet, stacks: ["fine-1", "nobody"] })).rejects.toThrow(
    "there is no stack nobody",
  );
  await expect(driftOf({ ...fleet })).rejects.toThrow("no stack is selected");
});

// With a few stacks the parts are proven by tests of their own.
if (sized(false, true)) {
  test("two machines with half of it each find the same", async () => {
    const shards = [1, 2].map((index) => driftOf({ ...fleet, stacks: "all", shard: { index, of: 2 } }));
    const halves = await Promise.all(shards);
    for (const { stacks } of halves) expect(stacks.length).toBeGreaterThan(STACKS * 0.4);
    // Which of its requests is throttled first is chance.
    const stacks = report.stacks.map((one) =>
      one.stack === "throttled" ? { ...one, cause: expect.stringContaining("429") } : one,
    );
    expect(mergeReports(halves)).toEqual({ ...report, stacks, checkedAt: expect.any(String) });
  });
}

test("--repair asks first; where nobody can answer nothing is done", async () => {
  const before = states();
  const { code, err } = await fleet.command("drift", "groups", "--repair");
  expect(code).toBe(1);
  expect(err).toContain("error: --repair asks first, and nobody can answer here: add --yes");
  expect(states()).toEqual(before);
});

test("--repair --yes brings up what drifted and looks again; what no state knows of is left to people", async () => {
  const stacks = ["groups", "settings", "credential", "locked"];
  const { code, out } = await fleet.command("drift", ...stacks, "--repair", "--yes", "--json");
  const after = JSON.parse(out) as DriftReport;
  expect(after.stacks.map(({ stack, result }) => `${stack}: ${result}`)).toEqual([
    "credential: drift",
    "groups: as declared",
    "locked: could not tell",
    "settings: as declared",
  ]);
  expect(code).toBe(2);
  expect((await (await fleet.open("groups")).preview()).changes).toEqual([]);
});
