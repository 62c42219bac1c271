import { contoso, contosoGroups, contosoUsers, fabrikam, fabrikamUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const PATH = "/v1.0/identity/conditionalAccess/policies";
const NOBODY = "11111111-2222-4333-8444-555555555555";
const ALL = ["Application.Read.All", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];
const ask = (method: string, path: string, body?: unknown) => graph.app(...ALL)(method, path, body);

const PHISHING_RESISTANT = "00000000-0000-0000-0000-000000000004";
const strength = (id: string) => ({ authenticationStrength: { id } });
const frequency = (part: object) => ({ sessionControls: { signInFrequency: { isEnabled: true, ...part } } });
const context = { includeAuthenticationContextClassReferences: ["c1"] };
const noApplication = { includeApplications: [] };

type Part = Record<string, unknown>;
/** A policy with some parts otherwise; undefined leaves one out. */
const policy = (change: {
  applications?: Part;
  users?: Part;
  conditions?: Part;
  grant?: Part;
  top?: Part;
}) => ({
  displayName: "MFA for Access",
  state: "enabled",
  conditions: {
    applications: { includeApplications: [contoso.deployer.appId], ...change.applications },
    users: { includeUsers: ["All"], ...change.users },
    clientAppTypes: ["all"],
    ...change.conditions,
  },
  grantControls: { operator: "OR", builtInControls: ["mfa"], ...change.grant },
  ...change.top,
});

test("creates, lists, reads and deletes a policy", async () => {
  const users = { includeUsers: [], includeGroups: [contosoGroups.engineers.id] };
  const { status, body } = await ask("POST", PATH, policy({ users }));
  expect([status, body]).toMatchObject([
    201,
    {
      "@odata.context": `https://localhost:1/v1.0/$metadata#identity/conditionalAccess/policies/$entity`,
      displayName: "MFA for Access",
      state: "enabled",
      createdDateTime: "2026-11-01T12:00:00Z",
      modifiedDateTime: null,
      sessionControls: null,
      conditions: {
        applications: { includeApplications: [contoso.deployer.appId], excludeApplications: [] },
        users: { includeGroups: [contosoGroups.engineers.id], excludeUsers: [], includeRoles: [] },
        clientAppTypes: ["all"],
        signInRiskLevels: [],
        platforms: null,
      },
      grantControls: { operator: "OR", builtInControls: ["mfa"], termsOfUse: [] },
    },
  ]);
  expect((await ask("GET", `${PATH}/${body.id}`)).body).toEqual(body);
  expect((await ask("GET", PATH)).body.value).toMatchObject([{ id: body.id }]);
  expect((await ask("DELETE", `${PATH}/${body.id}`)).status).toBe(204);
  for (const method of ["GET", "DELETE"]) {
    const gone = await ask(method, `${PATH}/${body.id}`);
    expect([gone.status, gone.body.error.code]).toEqual([404, "ResourceNotFound"]);
  }
});

test("merges a change and validates the result like a new policy", async () => {
  const { body: before } = await ask("POST", PATH, policy({}));
  const change = (sent: unknown) => ask("PATCH", `${PATH}/${before.id}`, sent);
  const users = { excludeUsers: [contosoUsers.ada.id] };
  expect((await change({ state: "disabled", conditions: { users } })).status).toBe(204);
  const after = (await ask("GET", `${PATH}/${before.id}`)).body;
  expect(after).toEqual({
    ...before,
    state: "disabled",
    modifiedDateTime: "2026-11-01T12:00:00Z",
    conditions: { ...before.conditions, users: { ...before.conditions.users, ...users } },
  });
  for (const [sent, status] of [
    [{ state: "on" }, 400],
    [{ id: NOBODY }, 400],
    [{ colour: "red" }, 400],
    [{ conditions: { users: { includeUsers: [] } } }, 400],
    [{ conditions: { users: { includeUsers: [NOBODY] } } }, 400],
    [{ conditions: { userRiskLevels: ["high"] } }, 501],
    [{ grantControls: null }, 400],
    [[], 400],
  ]) {
    expect([sent, (await change(sent)).status]).toEqual([sent, status]);
  }
  expect((await ask("GET", `${PATH}/${before.id}`)).body).toEqual(after);
  expect((await ask("PATCH", `${PATH}/${NOBODY}`, {})).status).toBe(404);
  expect((await graph.app("Policy.Read.All")("PATCH", `${PATH}/${before.id}`, {})).status).toBe(403);
});

test("separates tenants", async () => {
  await ask("POST", PATH, policy({}));
  expect(graph.tenant(fabrikam.tenant).conditionalAccessPolicies.size).toBe(0);
  expect(graph.tenant().conditionalAccessPolicies.size).toBe(1);
});

test.each<[what: string, change: Parameters<typeof policy>[0], status: number]>([
  ["a single user", { users: { includeUsers: [contosoUsers.ada.id] } }, 201],
  ["reporting alone", { top: { state: "enabledForReportingButNotEnforced" } }, 201],
  [
    "Microsoft Graph itself",
    { applications: { includeApplications: ["00000003-0000-0000-c000-000000000000"] } },
    201,
  ],
  ["no name", { top: { displayName: undefined } }, 400],
  ["an unknown state", { top: { state: "on" } }, 400],
  ["no conditions", { top: { conditions: undefined } }, 400],
  ["no client types", { conditions: { clientAppTypes: [] } }, 400],
  ["an unknown client type", { conditions: { clientAppTypes: ["pager"] } }, 400],
  ["no applications", { applications: { includeApplications: [] } }, 400],
  ["an application that is not there", { applications: { includeApplications: [NOBODY] } }, 400],
  ["an exclusion that is not there", { applications: { excludeApplications: [NOBODY] } }, 400],
  [
    "an application of another tenant",
    { applications: { includeApplications: [fabrikam.deployer.appId] } },
    400,
  ],
  [
    "all applications and one",
    { applications: { includeApplications: ["All", contoso.deployer.appId] } },
    400,
  ],
  ["no users", { users: { includeUsers: [] } }, 400],
  ["a user that is not there", { users: { excludeUsers: [NOBODY] } }, 400],
  ["a user of another tenant", { users: { includeUsers: [fabrikamUsers.sana.id] } }, 400],
  ["a group that is not there", { users: { includeGroups: [NOBODY] } }, 400],
  ["a user as group", { users: { excludeGroups: [contosoUsers.ada.id] } }, 400],
  ["an unknown operator", { grant: { operator: "XOR" } }, 400],
  ["an unknown control", { grant: { builtInControls: ["prayer"] } }, 400],
  ["no control", { grant: { builtInControls: [] } }, 400],
  ["an id", { top: { id: NOBODY } }, 400],
  ["an unknown property", { top: { nonsense: true } }, 400],
  ["directory roles", { users: { excludeRoles: [NOBODY] } }, 501],
  ["locations", { conditions: { locations: { includeLocations: ["All"] } } }, 201],
  ["a location that is not there", { conditions: { locations: { includeLocations: [NOBODY] } } }, 400],
  ["a risk of the sign-in", { conditions: { signInRiskLevels: ["high"] } }, 201],
  ["a risk of the user", { conditions: { userRiskLevels: ["high"] } }, 501],
  ["an authentication strength", { grant: { builtInControls: [], ...strength(PHISHING_RESISTANT) } }, 201],
  ["a strength that is not there", { grant: { builtInControls: [], ...strength(NOBODY) } }, 400],
  ["a strength and MFA", { grant: strength(PHISHING_RESISTANT) }, 400],
  ["block and another control", { grant: { builtInControls: ["block", "mfa"] } }, 400],
  ["a sign-in every hour", { top: { grantControls: null, ...frequency({ type: "hours", value: 1 }) } }, 201],
  ["a sign-in every time", { top: frequency({ frequencyInterval: "everyTime" }) }, 201],
  ["a frequency without a value", { top: frequency({ type: "hours" }) }, 400],
  [
    "a browser session that persists",
    { top: { sessionControls: { persistentBrowser: { isEnabled: true, mode: "always" } } } },
    501,
  ],
  ["neither grant nor session controls", { top: { grantControls: null } }, 400],
  ["an authentication context that is not there", { applications: { ...noApplication, ...context } }, 400],
  ["an authentication context and an application", { applications: context }, 400],
  ["terms of use", { grant: { termsOfUse: [NOBODY] } }, 501],
])("a policy with %s is a %d", async (_what, change, status) => {
  expect((await ask("POST", PATH, policy(change))).status).toBe(status);
  expect(graph.tenant().conditionalAccessPolicies.size).toBe(status === 201 ? 1 : 0);
});

test.each<[permissions: string[], read: number, made: number, removed: number]>([
  [["Policy.Read.All"], 200, 403, 403],
  [["Policy.ReadWrite.ConditionalAccess"], 403, 403, 403],
  [["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"], 200, 403, 204],
  [ALL, 200, 201, 204],
  [["Directory.ReadWrite.All"], 403, 403, 403],
])("with %j: read %d, made %d, removed %d", async (permissions, read, made, removed) => {
  const { id } = (await ask("POST", PATH, policy({}))).body;
  const caller = graph.app(...permissions);
  expect((await caller("GET", PATH)).status).toBe(read);
  expect((await caller("GET", `${PATH}/${id}`)).status).toBe(read);
  expect((await caller("POST", PATH, policy({}))).status).toBe(made);
  expect((await caller("DELETE", `${PATH}/${id}`)).status).toBe(removed);
});
