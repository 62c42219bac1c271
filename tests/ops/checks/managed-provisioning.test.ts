import { runCheck } from "../../../ops/checks/check";
import { type CloudAccess, VerifyContext } from "../../../ops/checks/context";
import { deriveExpectedSignIn } from "../../../ops/checks/expected-sign-in";
import { MANAGED_PROVISIONING_CHECKS } from "../../../ops/checks/provisioning/managed";

const USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f";
const assignment = (principalId: string, principalDisplayName: string, appRoleId = USER_ROLE) => ({
  principalId,
  principalDisplayName,
  appRoleId,
});
const engineers = assignment("engineers-id", "Engineers");
const owned = assignment("finance-id", "Access Finance");
const cycle = (timeEnded: string, more: object = {}) => ({ timeEnded, countEscrowed: 0, ...more });
const active = {
  schedule: { state: "Active" },
  status: { quarantine: null, lastExecution: {}, lastSuccessfulExecution: cycle("2026-12-01T11:30:00Z") },
};
const withStatus = (status: object) => ({ ...active, status: { ...active.status, ...status } });

/** Runs the checks on 2026-12-01 at noon. */
async function check(job: object | undefined, assigned: readonly object[] = [engineers, owned]) {
  const get = async (path: string) => {
    if (path.endsWith("/appRoleAssignedTo")) return { value: assigned };
    if (job) return job;
    throw Object.assign(new Error("not found"), { statusCode: 404 });
  };
  const graph = { api: (path: string) => ({ get: () => get(path) }) };
  const clouds = { graph: async () => graph, now: () => new Date("2026-12-01T12:00:00Z") };
  const settings = { access: { ownedEntraGroups: { finance: { displayName: "Access Finance" } } } };
  const provisioning = { servicePrincipalObjectId: "principal", jobId: "job" };
  const expected = deriveExpectedSignIn(
    { "entra-access:access": settings.access },
    { provisioning: { value: provisioning, secret: false } },
    { Engineers: "engineers-id" },
  );
  const context = new VerifyContext(clouds as unknown as CloudAccess, expected);
  const results = await Promise.all(MANAGED_PROVISIONING_CHECKS.map((one) => runCheck(one, context)));
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

it("passes with the groups of the rules, a job that runs and a cycle of late", async () => {
  const results = Object.values(await check(active));
  expect(results.map(({ id, status }) => [id, status])).toEqual([
    ["provisioning-groups", "passed"],
    ["provisioning-job", "passed"],
    ["provisioning-cycle", "passed"],
  ]);
});

it.each<[string, object[], string]>([
  ["is not assigned", [owned], "not assigned: Engineers"],
  [
    "has the role that Entra skips",
    [assignment("engineers-id", "Engineers", "other"), owned],
    "not assigned: Engineers",
  ],
  ["is in no rule", [engineers, owned, assignment("x", "Guests")], "in no rule: Guests"],
  [
    "is in no rule, and another not assigned",
    [assignment("x", "Guests")],
    "not assigned: Engineers; in no rule: Guests",
  ],
])("fails with the names when a group %s", async (_case, assigned, actual) => {
  expect((await check(active, assigned))["provisioning-groups"]).toMatchObject({ status: "failed", actual });
});

it("fails with the cause and the command while the job is in quarantine", async () => {
  const quarantine = {
    reason: "EncounteredQuarantineException",
    currentBegan: "2026-12-01T08:00:00Z",
    nextAttempt: "2026-12-01T14:00:00Z",
    error: { code: "CredentialValidationUnavailable", message: "401 Unauthorized" },
  };
  const result = (await check(withStatus({ quarantine })))["provisioning-job"];
  expect(result).toMatchObject({
    status: "failed",
    actual:
      "in quarantine since 2026-12-01T08:00:00Z: CredentialValidationUnavailable, 401 Unauthorized; Entra tries again at 2026-12-01T14:00:00Z",
  });
  expect(result?.advice).toContain("npx entra-access rotate --scim");
});

it("fails while the job is paused, and cannot tell about one that is gone", async () => {
  const paused = (await check({ ...active, schedule: { state: "Paused" } }))["provisioning-job"];
  expect(paused).toMatchObject({ status: "failed", actual: "paused", expected: "active" });
  const gone = (await check(undefined))["provisioning-job"];
  expect(gone).toMatchObject({ status: "unknown", cause: "there is no job of provisioning" });
});

it.each<[string, object, string, string]>([
  ["there is none yet", { lastSuccessfulExecution: null }, "open", "none yet"],
  [
    "it is too old",
    { lastSuccessfulExecution: cycle("2026-12-01T09:59:00Z") },
    "failed",
    "the last complete one ended 121 minutes ago",
  ],
  [
    "one failed since",
    { lastExecution: { error: { code: "X", message: "no answer" } } },
    "failed",
    "the last one failed: X, no answer",
  ],
  [
    "somebody could not be provisioned",
    { lastSuccessfulExecution: cycle("2026-12-01T11:30:00Z", { countEscrowed: 2 }) },
    "failed",
    "2 people or groups could not be provisioned",
  ],
])("judges the last cycle: %s", async (_case, status, verdict, actual) => {
  expect((await check(withStatus(status)))["provisioning-cycle"]).toMatchObject({ status: verdict, actual });
});
