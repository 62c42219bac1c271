import { rmSync } from "node:fs";
import { join } from "node:path";
import { type BroughtUp, bringUp } from "../../../ops/recovery/bring-up";
import { reportOf } from "../../../ops/recovery/report";
import { askForRotation } from "../../../ops/recovery/rotate";
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
/** A stack of Contoso's tenant alone, and with Fabrikam's. */
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
const up = (options: { resend?: boolean } = {}): Promise<BroughtUp> =>
  bringUp(stack, { progress, ...options });

const rotations = async () => {
  const { rotation, identityProviders } = await stack.outputs();
  return { own: rotation?.value, theirs: identityProviders?.value.fabrikam.rotation };
};

/** What carries the stack's mark in a tenant. */
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

/** Kills the engine while Graph's answer to this call is outstanding. */
async function dieAt(path: string): Promise<void> {
  const { id } = lab.twin.faults.add({
    on: { service: "graph", method: "POST", path },
    effect: { kind: "hold", when: "after" },
  });
  const dying = lab.failure("up", { directory, config: withPartner() });
  await lab.twin.faults.waitUntilHeld(id);
  killEngine(directory);
  lab.twin.faults.clear();
  await dying;
  stack = await lab.stack({ directory, config: withPartner() });
}

test("killed after the further tenant's application was made: up takes it over and goes on; the first is as it was", async () => {
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

test("killed after the further tenant's secret was made: nobody knows it, and it goes, from there alone", async () => {
  alone.restore();
  await dieAt("/v1.0/applications/*/addPassword");
  const { removed, further } = await up();
  expect(removed).toEqual([]);
  expect(further.fabrikam?.removed).toEqual([expect.objectContaining({ rotation: 1, reason: "unknown" })]);
  await expectConverged();
});

test("a lost state is taken over from both tenants", async () => {
  both.restore();
  rmSync(join(directory, "state"), { recursive: true });
  stack = await lab.stack({ directory, config: withPartner() });
  const { run, removed, further } = await up();
  const kinds = ["admin-consent", "application", "identity-provider", "service-principal"];
  expect(formatChanges(run.changes).filter((change) => change.startsWith("import"))).toEqual(
    ["entra", "fabrikam"].flatMap((name) => kinds.map((kind) => `import ${name}-${kind}`)),
  );
  expect([removed, further.fabrikam?.removed]).toEqual([
    [expect.objectContaining({ reason: "unknown" })],
    [expect.objectContaining({ reason: "unknown" })],
  ]);
  await expectConverged();
});

test("what people added in the further tenant is to be looked at there", async () => {
  both.restore();
  const { graph, applications } = await marked(fabrikam);
  const passwordCredential = { displayName: "by hand" };
  await graph.api(`/applications/${applications[0].id}/addPassword`).post({ passwordCredential });
  const done = await up({ resend: true });
  expect(done.findings).toEqual([]);
  expect(done.further.fabrikam?.findings).toEqual([expect.objectContaining({ kind: "added by hand" })]);
  expect(reportOf("test", done)).toMatchObject({
    result: "look",
    look: [],
    identityProviders: { fabrikam: { look: [{ kind: "added by hand" }], clientSecret: { number: 1 } } },
  });
});

test("one tenant's secret is rotated; a grace of another is not in the way, and ends by itself", async () => {
  both.restore();
  const before = await rotations();
  const settings = await askForRotation(stack, "regular", undefined, "fabrikam");
  expect(settings).toEqual({ "access.identityProviders.fabrikam.credential.rotation": 2 });
  await up();
  const after = await rotations();
  expect(after.own).toEqual(before.own);
  expect(after.theirs.number).toBe(2);
  expect(after.theirs.keyId).not.toBe(before.theirs.keyId);
  expect((await marked(fabrikam)).passwords).toHaveLength(2);
  expect(await checkSignIns(lab.twin)).toEqual(["200", "200"]);

  const refused = await askForRotation(stack, "regular", undefined, "fabrikam").catch((reason) => reason);
  expect(refused.message).toMatch(/^fabrikam: the secret before number 2 is in its grace/);
  expect(refused.next[0]).toContain("rotate test --identity-provider fabrikam --force");
  const own = await askForRotation(stack, "compromised");
  expect(own).toEqual({ "credential.rotation": 2, "credential.compromised": 1 });
  const { removed, further } = await up();
  expect(removed).toEqual([expect.objectContaining({ rotation: 1, reason: "past its grace" })]);
  expect(further.fabrikam?.removed).toEqual([]);
  expect((await rotations()).theirs).toEqual(after.theirs);

  await askForRotation(stack, "compromised", undefined, "fabrikam");
  expect((await up()).further.fabrikam?.removed.map(({ rotation }) => rotation).sort()).toEqual([1, 2]);
  await expectConverged();
});

test("a tenant that the stack does not have cannot be rotated", async () => {
  both.restore();
  const refused = await askForRotation(stack, "regular", undefined, "tailspin").catch((reason) => reason);
  expect(refused.message).toBe("stack test has no tenant tailspin of its own");
  expect(refused.next.join()).toContain("entra, fabrikam");
});
