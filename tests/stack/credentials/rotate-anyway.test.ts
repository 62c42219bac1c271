import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { checkStack } from "../../../ops/drift/stack/check";
import { updateClientSecrets } from "../../../ops/recovery/client-secrets/client-secrets-only";
import { checkRemainder } from "../../../ops/recovery/client-secrets/rotate";
import { deployStackOrRotate } from "../../../ops/recovery/client-secrets/rotate-anyway";
import { buildUpReport } from "../../../ops/recovery/report";
import type { Stack, StackError } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contosoGroups } from "../../../twin/seed/people";
import { accessSeed } from "../../support/access-seed";
import { type Checkpoint, createCheckpoint } from "../../support/checkpoint";
import { checkSignIns } from "../../support/clouds";
import { setClockToNow, useEngineFixture } from "../../support/engine-fixture";
import { partner } from "../../support/partner";

const progress = new Progress({ write: () => true });
const finance = { displayName: "Access Finance" };
const access = {
  identityProviders: { fabrikam: partner },
  ownedEntraGroups: { finance },
  groups: { engineers: { include: { entraGroups: ["Engineers"] } } },
  policies: { engineers: { include: ["engineers"] } },
};

const lab = useEngineFixture();
let stack: Stack;
let deployed: Checkpoint;
const directory = () => join(lab.folder, "stack");
beforeAll(async () => {
  lab.twin.reset({
    ...accessSeed,
    tenants: accessSeed.tenants.map((tenant) => ({
      ...tenant,
      principals: tenant.principals.map((one) => ({
        ...one,
        permissions: [...one.permissions, "Group.ReadWrite.All"],
      })),
    })),
  });
  stack = await lab.stack({ directory: directory(), config: { "entra-access:access": access } });
  await stack.up();
  setClockToNow(lab);
  deployed = createCheckpoint(lab, directory());
});
beforeEach(() => deployed.restore());

const configure = (settings: object) =>
  stack.configure({ "entra-access:access": { ...access, ...settings } });
const renameEngineers = async () => {
  const { graph } = await lab.administrator();
  await graph.api(`/groups/${contosoGroups.engineers.id}`).patch({ displayName: "Makers" });
};
const untilDue = async () => {
  const { rotation, identityProviders } = await stack.outputs();
  const all: { dueAt: string }[] = [rotation?.value, identityProviders?.value.fabrikam.rotation];
  const last = Math.max(...all.map(({ dueAt }) => Date.parse(dueAt)));
  return (last - lab.twin.clock.now().getTime()) / 1000 + 1;
};
const readNumbers = async () => {
  const { rotation, identityProviders } = await stack.outputs();
  return [rotation?.value.number, identityProviders?.value.fabrikam.rotation.number];
};
/** Lists writes to the clouds, as "addPassword" or "PUT identity_providers". */
async function listWrites(run: () => Promise<unknown>): Promise<string[]> {
  const before = lab.twin.requests.length;
  await run();
  return lab.twin.requests
    .slice(before)
    .filter(({ service, method }) => service !== "login" && method !== "GET")
    .map(({ method, path }) => /\/(\w+Password)$/.exec(path)?.[1] ?? `${method} ${path.split("/").at(-2)}`);
}
const fail = (run: Promise<unknown>): Promise<StackError> =>
  run.then(
    () => Promise.reject(new Error("expected a failure")),
    (reason) => reason,
  );

test("a renamed group keeps its object id, is reported, and stops neither rotation nor drift", async () => {
  await renameEngineers();
  lab.twin.clock.advance(await untilDue());
  const { drift } = await checkStack(stack);
  expect(drift).toMatchObject({
    result: "unknown",
    differences: [],
    rotation: { number: 1, due: true },
    unchecked: [{ cause: expect.stringContaining('Entra group "Engineers": no group has this name') }],
  });

  let report: ReturnType<typeof buildUpReport> | undefined;
  const writes = await listWrites(async () => {
    report = buildUpReport("test", await deployStackOrRotate(stack, { progress }));
  });
  expect(writes.filter((write) => !/Password/.test(write))).toEqual([
    "PUT identity_providers",
    "PUT identity_providers",
  ]);
  expect(report).toMatchObject({
    result: "action needed",
    clientSecret: { number: 2 },
    actionNeeded: [{ text: expect.stringContaining(contosoGroups.engineers.id) }],
  });
});

test("a group that was never found stays an error of up, which rotates all the same", async () => {
  await configure({
    groups: { ...access.groups, nobody: { include: { entraGroups: ["Nobody"] } } },
    policies: { ...access.policies, nobody: { include: ["nobody"] } },
  });
  lab.twin.clock.advance(await untilDue());
  const error = await fail(deployStackOrRotate(stack, { progress }));
  expect(error.message).toContain('"Nobody": no group has this name');
  expect(error.next.join("\n")).toContain(
    "The client secret was replaced nevertheless: client secret number 2",
  );
  expect((await readNumbers())[0]).toBe(2);
  expect(await checkSignIns(lab.twin)).toEqual(["200", "200"]);
});

test("with access rules that are not valid, replaces what is due and nothing else", async () => {
  await configure({ groups: { engineers: { include: { emails: [42] } } }, surprise: true });
  lab.twin.clock.advance(await untilDue());
  let failed: readonly string[] | undefined;
  const writes = await listWrites(async () => {
    ({ failed } = await updateClientSecrets(stack, progress));
  });
  expect({ failed, writes }).toEqual({
    failed: [],
    writes: ["addPassword", "PUT identity_providers", "addPassword", "PUT identity_providers"],
  });
  expect((await readNumbers())[0]).toBe(2);
  expect(await checkRemainder(stack)).toEqual([expect.stringContaining("surprise is not a setting")]);
  expect(await listWrites(() => updateClientSecrets(stack, progress))).toEqual([]);
  await configure({});
  expect(await checkRemainder(stack)).toEqual([]);
  // The next update of the whole stack only forgets the replaced client secrets.
  expect(await listWrites(() => stack.up())).toEqual([]);
});

test("a protected group that has to be replaced does not stop a rotation", async () => {
  const replacing = (program: PulumiFn) => () => {
    pulumi.runtime.registerStackTransformation(({ name, props, opts }) =>
      name === "entra-group-finance" ? { props: { ...props, mailNickname: "another" }, opts } : undefined,
    );
    return program();
  };
  const up = stack.up.bind(stack);
  const spy = jest
    .spyOn(stack, "up")
    .mockImplementation((wrapProgram = (program) => program, exclude) =>
      up((program) => wrapProgram(replacing(program)), exclude),
    );
  lab.twin.clock.advance(await untilDue());
  const requested = { tenant: "entra", number: 2 };
  const report = buildUpReport("test", await deployStackOrRotate(stack, { progress }, requested));
  spy.mockRestore();
  expect(report).toMatchObject({
    result: "action needed",
    clientSecret: { number: 2 },
    actionNeeded: [{ text: expect.stringMatching(/not updated completely: .*protect/) }],
  });
});

test("a rule that Cloudflare refuses does not stop the rotation of a bare up", async () => {
  lab.twin.faults.add({
    on: { service: "cloudflare", method: "POST", path: "/**/access/policies" },
    effect: { kind: "error", status: 500 },
  });
  await configure({ policies: { ...access.policies, again: { include: ["engineers"] } } });
  lab.twin.clock.advance(await untilDue());
  const error = await fail(stack.up());
  expect(error.causes.join()).toContain("internal_server_error");
  expect((await readNumbers())[0]).toBe(2);
  lab.twin.faults.clear();
});

test("a tenant out of reach does not stop the rotation of another", async () => {
  lab.twin.faults.add({
    on: { service: "login", path: `/${partner.tenantId}/**` },
    effect: { kind: "reset", when: "before" },
  });
  lab.twin.clock.advance(await untilDue());
  const requested = { tenant: "entra", number: 2 };
  const report = buildUpReport("test", await deployStackOrRotate(stack, { progress }, requested));
  expect(report).toMatchObject({ result: "action needed", clientSecret: { number: 2 } });
  expect(report.identityProviders?.fabrikam?.actionNeeded).toEqual([
    { text: expect.stringContaining("the client secret could not be checked or replaced") },
  ]);
  expect(await readNumbers()).toEqual([2, 1]);

  lab.twin.faults.clear();
  expect(await listWrites(() => updateClientSecrets(stack, progress))).toEqual([
    "addPassword",
    "PUT identity_providers",
  ]);
  expect(await readNumbers()).toEqual([2, 2]);
});
