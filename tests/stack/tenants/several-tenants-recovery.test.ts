import { rmSync } from "node:fs";
import { join } from "node:path";
import { requestRotation } from "../../../ops/recovery/client-secrets/rotate";
import { type DeployResult, deployStack } from "../../../ops/recovery/deploy";
import { buildUpReport } from "../../../ops/recovery/report";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contoso, fabrikam } from "../../../twin/index";
import { type Checkpoint, createCheckpoint } from "../../support/checkpoint";
import { checkSignIns } from "../../support/clouds";
import {
  type EngineFixture,
  engineTimeout,
  formatChanges,
  startEngineFixture,
} from "../../support/engine-fixture";
import { killEngine } from "../../support/locks";
import { withPartner } from "../../support/partner";

jest.setTimeout(engineTimeout);

let lab: EngineFixture;
let directory: string;
let stack: Stack;
/** Checkpoints of a stack with Contoso's tenant alone, and with Fabrikam's too. */
let alone: Checkpoint;
let both: Checkpoint;
beforeAll(async () => {
  lab = await startEngineFixture();
  directory = join(lab.folder, "stack");
  stack = await lab.stack({ directory });
  await up();
  alone = createCheckpoint(lab, directory);
  await stack.configure(withPartner());
  await up();
  both = createCheckpoint(lab, directory);
});
afterAll(() => lab.close());

const progress = new Progress({ write: () => true });
const up = (options: { resend?: boolean } = {}): Promise<DeployResult> =>
  deployStack(stack, { progress, ...options });

const rotations = async () => {
  const { rotation, identityProviders } = await stack.outputs();
  return { own: rotation?.value, theirs: identityProviders?.value.fabrikam.rotation };
};

/** Counts the objects that carry the stack's mark in a tenant. */
async function marked(of: typeof contoso) {
  const { graph } = await lab.administrator(of);
  const { value } = await graph.api("/applications").get();
  const own = value.filter(({ tags }: { tags: string[] }) => tags.includes("entra-access:entra-access/test"));
  return {
    graph,
    applications: own,
    passwords: own.flatMap((app: { passwordCredentials: unknown[] }) => app.passwordCredentials),
  };
}

async function expectConverged() {
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  for (const organization of [contoso, fabrikam]) {
    const { applications, passwords } = await marked(organization);
    expect([applications.length, passwords.length]).toEqual([1, 1]);
  }
  expect(await checkSignIns(lab.twin)).toEqual(["200", "200"]);
}

/** Kills the engine while Graph's response to a call is outstanding. */
async function dieAt(path: string): Promise<void> {
  const { id } = lab.twin.faults.add({
    on: { service: "graph", method: "POST", path },
    effect: { kind: "hold", when: "after" },
  });
  const dying = lab.failure("up", { directory, config: withPartner(), checkpoints: true });
  await lab.twin.faults.waitUntilHeld(id, dying);
  killEngine(directory);
  lab.twin.faults.clear();
  await dying;
  stack = await lab.stack({ directory, config: withPartner() });
}

test("imports a further tenant's application after a kill, and keeps the first tenant unchanged", async () => {
  alone.restore();
  const before = (await stack.outputs()).rotation?.value;
  await dieAt("/v1.0/applications");
  const { run, removed, further } = await up();
  expect(formatChanges(run.changes)).toEqual(
    expect.arrayContaining(["create fabrikam-identity-provider", "import fabrikam-application"]),
  );
  expect(formatChanges(run.changes).filter((line) => line.includes("entra-"))).toEqual([]);
  expect([removed, further.fabrikam?.removed]).toEqual([[], []]);
  expect((await rotations()).own).toEqual(before);
  await expectConverged();
});

test("removes a further tenant's orphaned client secret after a kill, and no other", async () => {
  alone.restore();
  await dieAt("/v1.0/applications/*/addPassword");
  const { removed, further } = await up();
  expect(removed).toEqual([]);
  expect(further.fabrikam?.removed).toEqual([expect.objectContaining({ rotation: 1, reason: "orphaned" })]);
  await expectConverged();
});

test("imports everything from both tenants when the state is lost", async () => {
  both.restore();
  rmSync(join(directory, "state"), { recursive: true });
  stack = await lab.stack({ directory, config: withPartner() });
  const { run, removed, further } = await up();
  const kinds = ["admin-consent", "application", "identity-provider", "service-principal"];
  expect(formatChanges(run.changes).filter((change) => change.startsWith("import"))).toEqual(
    ["entra", "fabrikam"].flatMap((name) => kinds.map((kind) => `import ${name}-${kind}`)),
  );
  expect([removed, further.fabrikam?.removed]).toEqual([
    [expect.objectContaining({ reason: "orphaned" })],
    [expect.objectContaining({ reason: "orphaned" })],
  ]);
  await expectConverged();
});

test("reports what was added by hand in the further tenant under its name", async () => {
  both.restore();
  const { graph, applications } = await marked(fabrikam);
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${applications[0].id}/addPassword`).post({ passwordCredential });
  const done = await up({ resend: true });
  expect(done.clientSecretIssues).toEqual([]);
  expect(done.further.fabrikam?.clientSecretIssues).toEqual([
    expect.objectContaining({ kind: "added by hand" }),
  ]);
  expect(buildUpReport("test", done)).toMatchObject({
    result: "action needed",
    actionNeeded: [],
    identityProviders: {
      fabrikam: { actionNeeded: [{ kind: "added by hand" }], clientSecret: { number: 1 } },
    },
  });
});

test("rotates one tenant's secret during the overlap of another", async () => {
  both.restore();
  const before = await rotations();
  const settings = await requestRotation(stack, "regular", undefined, "fabrikam");
  expect(settings).toEqual({ "access.identityProviders.fabrikam.credential.rotation": 2 });
  await up();
  const after = await rotations();
  expect(after.own).toEqual(before.own);
  expect(after.theirs.number).toBe(2);
  expect(after.theirs.keyId).not.toBe(before.theirs.keyId);
  expect((await marked(fabrikam)).passwords).toHaveLength(2);
  expect(await checkSignIns(lab.twin)).toEqual(["200", "200"]);

  const refused = await requestRotation(stack, "regular", undefined, "fabrikam").catch((reason) => reason);
  expect(refused.message).toMatch(/^fabrikam: the client secret before number 2 overlaps with it until/);
  expect(refused.next[0]).toContain("rotate test --identity-provider fabrikam --force");
  const own = await requestRotation(stack, "compromised");
  expect(own).toEqual({ "credential.rotation": 2, "credential.compromised": 1 });
  const { removed, further } = await up();
  expect(removed).toEqual([expect.objectContaining({ rotation: 1, reason: "overlap ended" })]);
  expect(further.fabrikam?.removed).toEqual([]);
  expect((await rotations()).theirs).toEqual(after.theirs);

  await requestRotation(stack, "compromised", undefined, "fabrikam");
  expect((await up()).further.fabrikam?.removed.map(({ rotation }) => rotation).sort()).toEqual([1, 2]);
});

test("refuses to rotate an unknown tenant", async () => {
  both.restore();
  const refused = await requestRotation(stack, "regular", undefined, "tailspin").catch((reason) => reason);
  expect(refused.message).toBe('--identity-provider must be a tenant of stack test; found "tailspin"');
  expect(refused.next.join()).toContain("entra, fabrikam");
});
