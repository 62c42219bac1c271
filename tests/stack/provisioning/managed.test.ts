import type { Clouds } from "../../../ops/clients/clouds";
import { deployStack } from "../../../ops/recovery/deploy";
import type { Stack } from "../../../ops/stacks";
import { Progress } from "../../../ops/terminal/progress";
import { contosoGroups } from "../../../twin/index";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";
import { managedConfig, managedScim, managedSeed, readManaged } from "./managed-stack";

const lab = useEngineFixture(managedSeed);
let stack: Stack;
let hand: Clouds;
beforeAll(async () => {
  hand = await lab.administrator();
  stack = await lab.stack({ config: { ...managedConfig(), "entra-access:protect": false } });
});

const { engineers, employees } = contosoGroups;
const preview = async () => formatChanges((await stack.preview()).changes);
const up = async () => formatChanges((await stack.up()).changes);
const configure = (...args: Parameters<typeof managedConfig>) =>
  stack.configure({ ...managedConfig(...args), "entra-access:protect": false });

it("provisions the groups of the rules at once, has nothing to do afterwards, and shows no secret", async () => {
  const created = (await up()).filter((line) => line.includes("scim"));
  expect(created).toEqual([
    "create entra-scim-application",
    `create entra-scim-assignment-${engineers.id}`,
    "create entra-scim-job",
    "create entra-scim-secret",
  ]);
  await lab.twin.runProvisioning();
  const managed = await readManaged(stack, hand);
  expect((await managed.readJob()).status).toMatchObject({
    code: "Active",
    lastSuccessfulExecution: { state: "Succeeded", countEntitled: engineers.members.length + 1 },
  });
  expect(await managed.listAssigned()).toMatchObject([
    { principalDisplayName: "Engineers", appRoleId: "18d14569-c3bd-439b-9a66-3a2aee01d14f" },
  ]);
  expect(await preview()).toEqual([]);

  expect(JSON.stringify(lab.files())).not.toMatch(/scim_[0-9a-f]{48}/);
  const { scim } = await stack.outputs();
  expect(scim).toBeUndefined();
});

it("repairs each property that somebody changes by hand", async () => {
  const { application, principal, job, listAssigned, validate } = await readManaged(stack, hand);
  const { graph } = hand;
  const secrets = `${principal}/synchronization/secrets`;
  const { value: before } = await graph.api(secrets).get();
  await graph.api(application).patch({ displayName: "SCIM by hand" });
  await graph.api(`${job}/pause`).post({});
  const [assignment] = await listAssigned();
  await graph.api(`${principal}/appRoleAssignedTo/${assignment?.id}`).delete();
  await graph.api(secrets).put({
    value: [
      { key: "BaseAddress", value: "https://elsewhere.example/scim" },
      { key: "SecretToken", value: "by hand" },
    ],
  });
  const drifted = [
    `create entra-scim-assignment-${engineers.id}`,
    "update entra-scim-application displayName",
    "update entra-scim-job enabled",
    "update entra-scim-secret credentials[0].value",
  ];
  expect((await up()).sort()).toEqual(drifted);
  expect((await graph.api(secrets).get()).value).toEqual(before);
  await validate();
});

it("makes anew what somebody deletes by hand", async () => {
  const { application, job } = await readManaged(stack, hand);
  await hand.graph.api(job).delete();
  expect(await up()).toEqual(["create entra-scim-job"]);
  await hand.graph.api(application).delete();
  expect((await up()).filter((line) => line.startsWith("create"))).toHaveLength(4);
});

it("imports an application that exists, its assignment and its job, and writes the credentials again", async () => {
  const { principal, listAssigned } = await readManaged(stack, hand);
  const [assignment] = await listAssigned();
  const state = await stack.export();
  const others = state.deployment.resources.filter(
    ({ urn }: { urn: string }) => !urn.includes("::entra-scim-"),
  );
  await stack.import({ ...state, deployment: { ...state.deployment, resources: others } });
  const imports = new Map([
    ["entra-scim-application", String(principal.split("/").at(-1))],
    [`entra-scim-assignment-${engineers.id}`, String(assignment?.id)],
  ]);
  const progress = new Progress({ write: () => true });
  const { run } = await deployStack(stack, { progress, decisions: { imports, creates: new Set() } });
  expect(formatChanges(run.changes)).toEqual([
    "create entra-scim-secret",
    "import entra-scim-application",
    `import entra-scim-assignment-${engineers.id}`,
    "import entra-scim-job",
  ]);
});

it("assigns and unassigns groups in step with the rules", async () => {
  await configure(managedScim, "Employees");
  expect(await up()).toEqual([
    `create entra-scim-assignment-${employees.id}`,
    "update access-group-people includes",
  ]);
  await configure();
  expect(await up()).toContain(`delete entra-scim-assignment-${employees.id}`);
});

it("leaves nothing in Entra when a person takes provisioning over, who gets address and secret", async () => {
  const { principal } = await readManaged(stack, hand);
  await configure({ ...managedScim, provisioning: "byHand" });
  expect((await up()).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "delete entra-scim-application",
    `delete entra-scim-assignment-${engineers.id}`,
    "delete entra-scim-job",
    "delete entra-scim-secret",
  ]);
  await expect(hand.graph.api(principal).get()).rejects.toMatchObject({ statusCode: 404 });
  const { scim, provisioning } = await stack.outputs();
  expect([scim?.secret, provisioning]).toEqual([true, undefined]);
});
