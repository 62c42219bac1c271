import { GRAPH_OPERATIONS } from "../../../twin/graph/app";
import { ACTIVITIES } from "../../../twin/graph/audit/activities";
import { contoso, contosoGroups, contosoUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

const AUDITS = "/v1.0/auditLogs/directoryAudits";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const all = [
  "Application.ReadWrite.All",
  "Directory.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
];
const ask = (method: string, path: string, body?: unknown) =>
  graph.app(...all, "Group.ReadWrite.All")(method, `/v1.0${path}`, body);
const audits = async (filter?: string) => {
  const query = filter === undefined ? "" : `?$filter=${encodeURIComponent(filter)}`;
  const { status, body } = await graph.app("AuditLog.Read.All")("GET", AUDITS + query);
  return status === 200 ? body.value : status;
};
const names = async (filter?: string) =>
  (await audits(filter)).map((audit: { activityDisplayName: string }) => audit.activityDisplayName);

test("logs the deployer's changes, newest first, with actor, time, target and changed properties", async () => {
  const { body: application } = await ask("POST", "/applications", { displayName: "Access" });
  await ask("PATCH", `/applications/${application.id.toUpperCase()}`, {
    web: { redirectUris: ["https://contoso.test/"] },
    displayName: "Access (prod)",
  });
  const [changed, added] = await audits();
  expect(added).toMatchObject({ activityDisplayName: "Add application", operationType: "Add" });
  expect(changed).toEqual({
    id: expect.any(String),
    correlationId: expect.any(String),
    activityDateTime: "2026-11-01T12:00:00.000Z",
    activityDisplayName: "Update application",
    category: "ApplicationManagement",
    loggedByService: "Core Directory",
    operationType: "Update",
    result: "success",
    resultReason: "",
    initiatedBy: {
      user: null,
      app: {
        appId: contoso.deployer.appId,
        displayName: "deployer",
        servicePrincipalId: expect.any(String),
        servicePrincipalName: null,
      },
    },
    targetResources: [
      {
        id: application.id,
        displayName: "Access (prod)",
        type: "Application",
        userPrincipalName: null,
        groupType: null,
        modifiedProperties: [
          { displayName: "displayName", oldValue: '"Access"', newValue: '"Access (prod)"' },
          {
            displayName: "web",
            oldValue: expect.stringContaining('"redirectUris":[]'),
            newValue: expect.stringContaining('"redirectUris":["https://contoso.test/"]'),
          },
        ],
      },
    ],
    additionalDetails: [],
  });
  const one = await graph.app("AuditLog.Read.All")("GET", `${AUDITS}/${changed.id}`);
  expect(one.body).toMatchObject({ id: changed.id });
});

test("logs an activity for every changed object, without secrets", async () => {
  const { body: application } = await ask("POST", "/applications", { displayName: "Access" });
  const { body: principal } = await ask("POST", "/servicePrincipals", { appId: application.appId });
  const { body: password } = await ask("POST", `/applications/${application.id}/addPassword`, {});
  const found = await ask(
    "GET",
    "/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'",
  );
  const consent = {
    clientId: principal.id,
    consentType: "AllPrincipals",
    resourceId: found.body.value[0].id,
    scope: "openid",
  };
  const { body: grant } = await ask("POST", "/oauth2PermissionGrants", consent);
  await ask("PATCH", `/oauth2PermissionGrants/${grant.id}`, { scope: "openid email" });
  const member = { "@odata.id": `https://graph.microsoft.com/v1.0/users/${contosoUsers.dana.id}` };
  await ask("POST", `/groups/${contosoGroups.engineers.id}/members/$ref`, member);
  await ask("DELETE", `/applications/${application.id}`);
  expect(await names()).toEqual([
    "Delete application",
    "Add member to group",
    "Add delegated permission grant",
    "Add delegated permission grant",
    expect.stringContaining("Certificates and secrets management"),
    "Add service principal",
    "Add application",
  ]);
  const log = JSON.stringify(await audits());
  expect(log).not.toContain(password.secretText);
  expect(log).toContain(`openid email`);
  expect(await names(`targetResources/any(t:t/id eq '${contosoGroups.engineers.id}')`)).toEqual([
    "Add member to group",
  ]);
});

test("names the member and the group that gained or lost it", async () => {
  const { engineers, contractors } = contosoGroups;
  const members = `/groups/${engineers.id}/members`;
  const url = (set: string, id: string) => ({ "@odata.id": `https://graph.microsoft.com/v1.0/${set}/${id}` });
  await ask("POST", `${members}/$ref`, url("users", contosoUsers.dana.id));
  await ask("DELETE", `${members}/${contosoUsers.dana.id}/$ref`);
  await ask("POST", `${members}/$ref`, url("groups", contractors.id));
  const targets = (await audits()).map((audit: { targetResources: object[] }) => audit.targetResources);
  const describe = (oldValues: boolean) =>
    [
      ["Group.ObjectID", `"${engineers.id}"`],
      ["Group.DisplayName", `"${engineers.displayName}"`],
      ["Group.WellKnownObjectName", null],
    ].map(([displayName, value]) => ({
      displayName,
      oldValue: oldValues ? value : null,
      newValue: oldValues ? null : value,
    }));
  const dana = { id: contosoUsers.dana.id, displayName: null, type: "User", groupType: null };
  const { userPrincipalName } = contosoUsers.dana;
  const group = { id: engineers.id, displayName: null, type: "Group", userPrincipalName: null };
  expect(targets.reverse()).toEqual([
    [
      { ...dana, userPrincipalName, modifiedProperties: describe(false) },
      { ...group, groupType: "azureAD", modifiedProperties: [] },
    ],
    [
      expect.objectContaining({ ...dana, modifiedProperties: describe(true) }),
      expect.objectContaining(group),
    ],
    [expect.objectContaining({ id: contractors.id, type: "Group" }), expect.objectContaining(group)],
  ]);
  const byMember = `activityDisplayName eq 'Add member to group' and targetResources/any(t:t/id eq '${dana.id}')`;
  expect(await names(byMember)).toEqual(["Add member to group"]);
});

test("lists the oldest entry first if asked to, and refuses another order", async () => {
  await ask("POST", "/applications", { displayName: "One" });
  await ask("POST", "/applications", { displayName: "Two" });
  const list = async (order: string) =>
    graph.app("AuditLog.Read.All")("GET", `${AUDITS}?$top=1&$orderby=${encodeURIComponent(order)}`);
  const first = async (order: string) => (await list(order)).body.value[0].targetResources[0].displayName;
  expect(await first("activityDateTime asc")).toBe("One");
  expect(await first("activityDateTime")).toBe("One");
  expect(await first("activityDateTime desc")).toBe("Two");
  expect((await list("category")).status).toBe(501);
});

test("does not log reads and refused calls", async () => {
  await ask("POST", "/applications", {});
  await ask("GET", "/applications");
  await graph.app()("POST", "/v1.0/applications", { displayName: "x" });
  expect(await audits()).toEqual([]);
});

test("filters by time, activity and actor, and answers 501 for other filters", async () => {
  await ask("POST", "/applications", { displayName: "Access" });
  const day = "activityDateTime ge 2026-11-01T00:00:00Z and activityDateTime le 2026-11-02T00:00:00Z";
  expect(await names(day)).toHaveLength(1);
  expect(await names("activityDateTime ge 2026-11-02")).toEqual([]);
  const who = `initiatedBy/app/appId eq '${contoso.deployer.appId}'`;
  expect(await names(`activityDisplayName eq 'Add application' and ${who}`)).toHaveLength(1);
  expect(await names("category eq 'GroupManagement'")).toEqual([]);
  for (const filter of ["result eq 'success'", "activityDateTime gt 2026-11-02", "category ge 'a'"]) {
    expect(await audits(filter)).toBe(501);
  }
  expect((await graph.app("Application.Read.All")("GET", AUDITS)).status).toBe(403);
  expect((await graph.app("AuditLog.Read.All")("GET", `${AUDITS}/nobody`)).status).toBe(404);
});

test("has an activity for every changing call", () => {
  const changing = GRAPH_OPERATIONS.map(({ call }) => call).filter(
    (call) => !/^GET |(getMemberGroups|validateCredentials|provisionOnDemand)$/.test(call),
  );
  expect(Object.keys(ACTIVITIES).sort()).toEqual([...new Set(changing)].sort());
});
