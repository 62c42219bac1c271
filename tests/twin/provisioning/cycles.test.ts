import { contosoGroups, contosoUsers } from "../../../twin/index";
import { useProvisioningFixture } from "./provisioning-fixture";

const { ada, ben, chidi, dana, emil } = contosoUsers;
const { engineers, employees } = contosoGroups;
const fixture = useProvisioningFixture();

/** The address, which is the user name too, and whether the person is active. */
const users = async () =>
  (await fixture.listProvisioned("users"))
    .map(({ emails, active }) => [(emails as { value: string }[])[0]?.value, active])
    .sort();
const groups = async () => (await fixture.listProvisioned("groups")).map(({ displayName }) => displayName);
const sent = () =>
  fixture
    .twin()
    .requests.filter(({ service }) => service === "scim")
    .map(({ method, path }) => `${method} ${path.replace(/.*\/v2/, "").replace(/[0-9a-f-]{36}/, "{id}")}`);
/** Counts the requests that change something, while `run` runs. */
async function listSent(run: () => Promise<unknown>): Promise<string[]> {
  const before = sent().length;
  await run();
  return sent().slice(before);
}

test("a job provisions those who are assigned and the direct members of groups, and updates and removes them", async () => {
  await fixture.connect();
  const [, employeesAssignment] = await fixture.assign(engineers.id, employees.id, dana.id);
  await fixture.start();
  // Emil is disabled; Engineers within Employees are not expanded.
  expect(await users()).toEqual(
    [ada, ben, chidi, dana].map(({ userPrincipalName }) => [userPrincipalName, true]).sort(),
  );
  expect((await groups()).sort()).toEqual(["Employees", "Engineers"]);
  expect(await fixture.job()).toMatchObject({
    schedule: { state: "Active", interval: "PT40M" },
    status: {
      code: "Active",
      quarantine: null,
      lastSuccessfulExecution: { state: "Succeeded", countEscrowed: 0 },
      synchronizedEntryCountByType: [
        { key: "User", value: 4 },
        { key: "Group", value: 2 },
      ],
    },
  });
  // Nothing has changed: Entra only tests the connection.
  expect(await listSent(() => fixture.cycle())).toEqual(["GET /Users"]);
  expect(await listSent(() => fixture.cycle(39))).toEqual([]);

  await fixture.graph("PATCH", `/users/${ada.id}`, { displayName: "Ada Berger" });
  await fixture.graph("PATCH", `/groups/${engineers.id}`, { displayName: "Builders" });
  await fixture.graph("DELETE", `/groups/${engineers.id}/members/${ben.id}/$ref`);
  await fixture.graph("PATCH", `/users/${dana.id}`, { accountEnabled: false });
  await fixture.unassign(String(employeesAssignment));
  const changes = await listSent(() => fixture.cycle(1));
  expect(changes.sort()).toEqual(
    [
      "GET /Users",
      "PATCH /Users/{id}",
      "PATCH /Users/{id}",
      "PATCH /Users/{id}",
      "PATCH /Users/{id}",
      "PATCH /Groups/{id}",
      "PATCH /Groups/{id}",
      "DELETE /Groups/{id}",
    ].sort(),
  );
  expect(await users()).toEqual(
    [
      [ada.userPrincipalName, true],
      ...[ben, chidi, dana].map(({ userPrincipalName }) => [userPrincipalName, false]),
    ].sort(),
  );
  expect(await groups()).toEqual(["Builders"]);
});

test("a deleted user is disabled, and deleted when nobody can restore them any more", async () => {
  await fixture.connect();
  await fixture.assign(dana.id, ada.id);
  await fixture.start();
  await fixture.graph("DELETE", `/users/${dana.id}`);
  await fixture.cycle();
  expect(await users()).toContainEqual([dana.userPrincipalName, false]);
  await fixture.cycle(30 * 24 * 60);
  expect(await users()).toEqual([[ada.userPrincipalName, true]]);
});

test("a person whom the service has already is adopted and not created twice", async () => {
  await fixture.connect();
  await fixture.assign(ada.id);
  await fixture.start();
  await fixture.graph("DELETE", fixture.jobPath());
  const { id } = await fixture.graph(
    "POST",
    `/servicePrincipals/${fixture.principalId()}/synchronization/jobs`,
    {
      templateId: "scim",
    },
  );
  await fixture.graph("POST", `/servicePrincipals/${fixture.principalId()}/synchronization/jobs/${id}/start`);
  expect(await listSent(() => fixture.twin().runProvisioning())).toEqual(["GET /Users", "GET /Users"]);
  expect(await users()).toEqual([[ada.userPrincipalName, true]]);
});

test("a paused job runs no cycle, and goes on when it is started", async () => {
  await fixture.connect();
  await fixture.start();
  await fixture.graph("POST", `${fixture.jobPath()}/pause`);
  await fixture.assign(emil.id, ada.id);
  expect(await listSent(() => fixture.cycle(24 * 60))).toEqual([]);
  await fixture.start();
  expect(await users()).toEqual([[ada.userPrincipalName, true]]);
});

test("a wrong secret puts the job into quarantine with its cause, until it is replaced", async () => {
  await fixture.connect();
  const { baseUrl, secret } = fixture.credentials();
  await fixture.setSecrets(["BaseAddress", baseUrl], ["SecretToken", "scim_wrong"]);
  await fixture.assign(ada.id);
  await fixture.start();
  const began = fixture.twin().clock.now();
  const hours = (count: number) => new Date(began.getTime() + count * 3600_000).toISOString();
  expect((await fixture.job()).status).toMatchObject({
    code: "Quarantine",
    countSuccessiveCompleteFailures: 1,
    lastExecution: { state: "Failed" },
    lastSuccessfulExecution: null,
    quarantine: {
      reason: "EncounteredQuarantineException",
      currentBegan: began.toISOString(),
      nextAttempt: hours(6),
      error: { message: "Operation: GET /Users, Response Status Code: 401", tenantActionable: true },
    },
  });
  const { html } = await fixture.browser().go(fixture.twin().browserUrl);
  expect(html).toContain(`quarantine since ${began.toISOString()}: Operation: GET /Users`);
  expect(await listSent(() => fixture.cycle(40))).toEqual([]);
  await fixture.cycle(6 * 60);
  expect((await fixture.job()).status.quarantine).toMatchObject({ nextAttempt: hours(12), seriesCount: 2 });

  await fixture.setSecrets(["BaseAddress", baseUrl], ["SecretToken", secret]);
  await fixture.graph("POST", `${fixture.jobPath()}/restart`, {
    criteria: { resetScope: "Escrows, QuarantineState" },
  });
  expect((await fixture.job()).status.quarantine).toBeNull();
  await fixture.twin().runProvisioning();
  expect((await fixture.job()).status).toMatchObject({ code: "Active", quarantine: null });
  expect(await users()).toEqual([[ada.userPrincipalName, true]]);
});

test("a job that stays in quarantine for four weeks is disabled", async () => {
  await fixture.connect();
  await fixture.setSecrets(["BaseAddress", "https://scim.contoso.example/v2"], ["SecretToken", "x"]);
  await fixture.start();
  expect((await fixture.job()).status.quarantine.error.message).toBe(
    "No answer from https://scim.contoso.example/v2",
  );
  await fixture.cycle(29 * 24 * 60);
  expect(await fixture.job()).toMatchObject({
    schedule: { state: "Disabled" },
    status: { code: "Quarantine" },
  });
});

test("a service that has no time is tried again in the next cycle, without quarantine", async () => {
  await fixture.connect();
  await fixture.assign(ada.id);
  const on = { service: "scim", method: "GET" } as const;
  fixture.twin().faults.add({ on, count: { first: 1 }, effect: { kind: "error", status: 503 } });
  await fixture.start();
  expect((await fixture.job()).status).toMatchObject({
    code: "NotRun",
    quarantine: null,
    lastExecution: { state: "Failed" },
  });
  await fixture.cycle();
  expect(await users()).toEqual([[ada.userPrincipalName, true]]);
});

test("a failed export is kept and repeated after six hours, while others go on", async () => {
  await fixture.connect();
  await fixture.assign(ada.id, ben.id);
  const on = { service: "scim", method: "POST", path: "/populations/*/scim/v2/Users" } as const;
  fixture.twin().faults.add({ on, count: { first: 1 }, effect: { kind: "error", status: 500 } });
  await fixture.start();
  expect(await users()).toEqual([[ben.userPrincipalName, true]]);
  expect((await fixture.job()).status).toMatchObject({
    code: "Active",
    lastExecution: { state: "EntryLevelErrors", countEscrowed: 1 },
  });
  await fixture.cycle();
  expect(await users()).toHaveLength(1);
  await fixture.cycle(6 * 60);
  expect(await users()).toHaveLength(2);
  expect((await fixture.job()).status.lastExecution).toMatchObject({ state: "Succeeded", countEscrowed: 0 });
});

test("credentials are validated before they are used", async () => {
  await fixture.connect();
  const { baseUrl, secret } = fixture.credentials();
  const validate = (body: object) => fixture.graph("POST", `${fixture.jobPath()}/validateCredentials`, body);
  await validate({ useSavedCredentials: true });
  const pairs = (token: string) => [
    { key: "BaseAddress", value: baseUrl },
    { key: "SecretToken", value: token },
  ];
  await validate({ credentials: pairs(secret) });
  await expect(validate({ credentials: pairs("scim_wrong") })).rejects.toThrow(/Response Status Code: 401/);
});

test("a restart with another scope and a member that the twin does not know are answered 501", async () => {
  await fixture.connect();
  const restart = (resetScope: string) =>
    fixture.graph("POST", `${fixture.jobPath()}/restart`, { criteria: { resetScope } });
  await expect(restart("ForceDeletes")).rejects.toThrow(/does not serve/);
  await restart("Full");
});

describe("on demand", () => {
  const provision = async (id: string) => {
    const { synchronizationRules } = await fixture.graph("GET", `${fixture.jobPath()}/schema`);
    const subjects = [{ objectId: id, objectTypeName: "User" }];
    const { key, value } = await fixture.graph("POST", `${fixture.jobPath()}/provisionOnDemand`, {
      parameters: [{ ruleId: synchronizationRules[0].id, subjects }],
    });
    const { result, details } = JSON.parse(key);
    return [result, details.errorCode, JSON.parse(value).action];
  };

  test("one user is created, updated, skipped, and disabled after the assignment is gone, without a cycle", async () => {
    await fixture.connect();
    expect(await provision(ada.id)).toEqual(["Skipped", "NotEffectivelyEntitled", "Other"]);
    const [assignment] = await fixture.assign(ada.id, ben.id);
    expect(await provision(ada.id)).toEqual(["Success", undefined, "Create"]);
    expect(await users()).toEqual([[ada.userPrincipalName, true]]);
    expect(await provision(ada.id)).toEqual(["Skipped", "RedundantExport", "Other"]);
    await fixture.unassign(String(assignment));
    expect(await provision(ada.id)).toEqual(["Success", undefined, "Update"]);
    expect(await users()).toEqual([[ada.userPrincipalName, false]]);
  });

  test("a wrong secret is a failure with its cause, and no quarantine", async () => {
    await fixture.connect();
    await fixture.assign(ada.id);
    const { baseUrl } = fixture.credentials();
    await fixture.setSecrets(["BaseAddress", baseUrl], ["SecretToken", "scim_wrong"]);
    expect(await provision(ada.id)).toEqual(["Failure", "EntryExportFailed", "Other"]);
    expect((await fixture.job()).status.quarantine).toBeNull();
  });
});
