import { readFileSync, writeFileSync } from "node:fs";
import { type Fleet, startFleet } from "../fleet/fleet-fixture";
import type { Checkpoint } from "../support/checkpoint";
import { listCloudflareCopies } from "../support/clouds";
import { StandInGitHub } from "../support/github";
import { Runner } from "./runner";
import { parseWorkflow, readWorkflow, type WorkflowJob } from "./workflow";

jest.setTimeout(10 * 60_000);

/** Runs the jobs of the workflows unchanged on a fleet of two stacks. */
const jobs = (file: string) => parseWorkflow(readWorkflow(file)).jobs as Record<string, WorkflowJob>;
const shards = jobs("drift.yml").look?.strategy?.matrix.shard as number[];

let fleet: Fleet;
let deployed: Checkpoint;
let github: StandInGitHub;
let runner: Runner;
beforeAll(async () => {
  fleet = await startFleet(2);
  for (const [i, name] of ["payments", "wiki"].entries()) {
    await fleet.add(name, fleet.teams[i] as Fleet["teams"][number]);
    await (await fleet.open(name)).up();
  }
  deployed = fleet.checkpoint();
});
beforeEach(async () => {
  deployed.restore();
  github = await StandInGitHub.start();
  runner = await Runner.start(fleet.projectFolder, { ...fleet.env, ...github.env });
});
afterEach(async () => {
  runner.close();
  await github.close();
  expect(github.refused).toEqual([]);
});
afterAll(() => fleet.close());

const run = (file: string, job: string, values: Record<string, string> = {}) =>
  runner.run(jobs(file)[job] as WorkflowJob, { "github.token": github.env.GITHUB_TOKEN ?? "", ...values });

/** Runs `drift.yml`: the shards, each on its own machine, then the report of all. @param machines default: all shards */
async function runNightly(machines: readonly number[] = shards): Promise<void> {
  const total = { "strategy.job-total": String(shards.length) };
  const looks = machines.map((shard) =>
    run("drift.yml", "look", { ...total, "matrix.shard": String(shard) }),
  );
  expect((await Promise.all(looks)).map(({ code }) => code)).toEqual(machines.map(() => 0));
  runner.collect("reports", /^drift-\d+\.json$/);
  const { code, err } = await run("drift.yml", "report");
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining("error") });
}

/** Lists the shards that have a stack; the reports of the others stay valid for the next run. */
const listShardsWithStacks = () =>
  shards.filter(
    (shard) => JSON.parse(readFileSync(runner.path(`drift-${shard}.json`), "utf8")).stacks.length > 0,
  );

test("drift.yml opens an issue, and closes it once up has repaired the drift", async () => {
  const { graph } = await fleet.administrator(fleet.teams[0] as Fleet["teams"][number]);
  const { applicationObjectId } = await fleet.outputs("payments");
  await graph.api(`/applications/${applicationObjectId}`).patch({ displayName: "Changed @everybody" });

  await runNightly();
  expect(github.issues).toMatchObject([
    { number: 1, state: "open", title: "Drift: 1 of 2 stacks in sync, 1 drifted, 0 could not be checked" },
  ]);
  expect(github.issues[0]?.body).toMatch(
    /\*\*payments\*\*\n\n- people&#58; .*\n- entra-application displayName.*"Changed &#64;<!-- -->every/,
  );
  expect(readFileSync(runner.path("drift.html"), "utf8")).toContain("<h1>Drift of 2 stacks</h1>");

  const { outputs } = await run("up.yml", "stacks");
  expect(JSON.parse(outputs.stacks ?? "")).toEqual(["payments", "wiki"]);
  expect(await run("up.yml", "up", { "matrix.stack": "payments" })).toMatchObject({ code: 0 });
  await runNightly(listShardsWithStacks());
  expect(github.issues).toMatchObject([{ number: 1, state: "closed", comments: [{}] }]);
});

test("drift.yml reports in the issue when no shard finishes", async () => {
  runner.close();
  const nowhere = { PULUMI_BACKEND_URL: "file:///nobody" };
  runner = await Runner.start(fleet.projectFolder, { ...fleet.env, ...github.env, ...nowhere });
  await runNightly();
  const issue = github.issues.at(-1);
  expect(issue).toMatchObject({
    state: "open",
    title: `Drift: 0 of ${shards.length} stacks in sync, 0 drifted, ${shards.length} could not be checked`,
  });
  expect(issue?.body).toContain("| shard 4/4 | unknown |");
});

test("preview.yml writes one comment with all stacks, and updates it on the next push", async () => {
  const pull = github.open({ pull_request: {} });
  const number = { "github.event.pull_request.number": String(pull.number) };
  fleet.set("payments", { "entra-access:application": { displayName: "Next" } });
  fleet.set("wiki", { "azuread:clientSecret": "not-the-secret" });
  expect(await run("preview.yml", "preview")).toMatchObject({ code: 1 });
  expect(await run("preview.yml", "comment", number)).toMatchObject({ code: 0 });
  const [comment] = pull.comments;
  expect(comment?.body).toContain("### Preview: 1 of 2 stacks would change, 1 could not be previewed");
  expect(comment?.body).toMatch(
    /- \*\*update\*\* azuread Application .*\n {2}- displayName&#58; "payments" -\\> "Next"/,
  );
  expect(comment?.body).toContain("AADSTS7000215");
  const secrets = [
    ...listCloudflareCopies(fleet.twin).map(({ clientSecret }) => clientSecret),
    ...fleet.teams.flatMap(({ deployer, tokens }) => [deployer.secret, tokens.administrator.value]),
  ];
  expect(secrets.filter((secret) => comment?.body.includes(secret))).toEqual([]);

  writeFileSync(runner.path("preview.md"), "The preview of the next push");
  await run("preview.yml", "comment", number);
  expect(pull.comments).toHaveLength(1);
  expect(pull.comments[0]?.body).toContain("The preview of the next push");
});

test("rotate.yml rotates due stacks, whatever else is wrong with them, or a chosen one by hand", async () => {
  for (const name of ["payments", "wiki"]) fleet.set(name, { "entra-access:credential": { rotation: 2 } });
  fleet.set("payments", { "entra-access:application": { displayName: "Another" } });
  const { outputs } = await run("rotate.yml", "due");
  expect(JSON.parse(outputs.stacks ?? "")).toEqual(["payments", "wiki"]);
  expect(await run("rotate.yml", "rotate-due", { "matrix.stack": "wiki" })).toMatchObject({ code: 0 });
  expect((await fleet.outputs("wiki")).rotation).toMatchObject({ number: 2 });
  const { applicationObjectId } = await fleet.outputs("payments");
  fleet.set("payments", {
    "entra-access:access": { groups: { nobody: { include: { entraGroups: ["Nobody"] } } } },
  });
  const inPart = await run("rotate.yml", "rotate-due", { "matrix.stack": "payments" });
  expect({ code: inPart.code, said: inPart.out }).toEqual({
    code: 2,
    said: expect.stringMatching(
      /action needed: the rest of the stack could not be checked: Could not search for Entra groups/,
    ),
  });
  expect((await fleet.outputs("payments")).rotation).toMatchObject({ number: 2 });
  const { graph } = await fleet.administrator(fleet.teams[0] as Fleet["teams"][number]);
  const application = await graph.api(`/applications/${applicationObjectId}`).get();
  expect(application.displayName).not.toBe("Another");

  const steps = jobs("rotate.yml").rotate?.steps ?? [];
  const chosen = steps.flatMap(({ env }) => env?.FLAG ?? []).map((flag) => flag.slice(4, -3));
  const by = (stack: string, flag: string) =>
    run("rotate.yml", "rotate", { "inputs.stack": stack, [chosen[0] ?? ""]: flag });
  const { code, out, err } = await by("wiki", "");
  expect({ code, said: out + err }).toEqual({
    code: 1,
    said: expect.stringContaining("overlaps with it until"),
  });
  expect(await by("wiki", "--force")).toMatchObject({ code: 0 });
  expect((await fleet.outputs("wiki")).rotation).toMatchObject({ number: 3 });
  // A name that looks like an option is a name.
  expect(await by("--compromised", "")).toMatchObject({
    code: 1,
    err: expect.stringContaining("stack --compromised could not be opened"),
  });
});
