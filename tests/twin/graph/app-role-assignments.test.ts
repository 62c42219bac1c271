import { contoso, contosoGroups, contosoUsers, fabrikamGroups } from "../../../twin/index";
import { findAssignments } from "../../../twin/store/entra/directory";
import { GraphInProcess } from "./in-process";

const DEFAULT = "00000000-0000-0000-0000-000000000000";
const NOBODY = "11111111-2222-4333-8444-555555555555";
const { ada, ben, chidi } = contosoUsers;
const { engineers, employees } = contosoGroups;

let graph: GraphInProcess;
let application: { id: string; appId: string };
let resourceId: string;
let path: string;

const ask = (method: string, target: string, body?: unknown) =>
  graph.app("Application.ReadWrite.All", "Group.ReadWrite.All", "Directory.Read.All")(method, target, body);
const assign = (principalId: string, appRoleId = DEFAULT) =>
  ask("POST", path, { appRoleId, principalId, resourceId });

beforeEach(async () => {
  graph = await GraphInProcess.start();
  application = (await ask("POST", "/v1.0/applications", { displayName: "Access" })).body;
  resourceId = (await ask("POST", "/v1.0/servicePrincipals", { appId: application.appId })).body.id;
  path = `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
});

test("creates, lists, reads and deletes the assignment of a group", async () => {
  const { status, body } = await assign(engineers.id);
  expect([status, body]).toEqual([
    201,
    {
      "@odata.context": "https://localhost:1/v1.0/$metadata#appRoleAssignments/$entity",
      id: expect.stringMatching(/^[\w-]{43}$/),
      deletedDateTime: null,
      appRoleId: DEFAULT,
      createdDateTime: "2026-11-01T12:00:00Z",
      principalDisplayName: "Engineers",
      principalId: engineers.id,
      principalType: "Group",
      resourceDisplayName: "Access",
      resourceId,
    },
  ]);
  expect((await ask("GET", `${path}/${body.id}`)).body).toEqual(body);
  expect((await ask("GET", path)).body.value).toMatchObject([{ id: body.id }]);
  expect((await ask("DELETE", `${path}/${body.id}`)).status).toBe(204);
  expect((await ask("GET", path)).body.value).toEqual([]);
  expect((await ask("GET", `${path}/${body.id}`)).status).toBe(404);
  expect((await ask("DELETE", `${path}/${body.id}`)).status).toBe(404);
});

test("assigns users and service principals with their type", async () => {
  expect((await assign(ada.id)).body).toMatchObject({
    principalType: "User",
    principalDisplayName: "Ada Berg",
  });
  const { body } = await assign(resourceId);
  expect(body).toMatchObject({ principalType: "ServicePrincipal", principalDisplayName: "Access" });
  const granted = await ask("GET", `/v1.0/servicePrincipals/${resourceId}/appRoleAssignments`);
  expect(granted.body.value).toMatchObject([{ id: body.id }]);
});

test("finds an assignment only below its application", async () => {
  const other = (await ask("POST", "/v1.0/applications", { displayName: "Other" })).body;
  const principal = (await ask("POST", "/v1.0/servicePrincipals", { appId: other.appId })).body.id;
  const { id } = (await assign(ada.id)).body;
  const elsewhere = `/v1.0/servicePrincipals/${principal}/appRoleAssignedTo`;
  expect((await ask("GET", `${elsewhere}/${id}`)).status).toBe(404);
  expect((await ask("DELETE", `${elsewhere}/${id}`)).status).toBe(404);
  expect((await ask("GET", elsewhere)).body.value).toEqual([]);
  expect((await ask("GET", `/v1.0/servicePrincipals/${NOBODY}/appRoleAssignedTo`)).status).toBe(404);
});

test.each<[what: string, body: () => unknown, status: number]>([
  ["the same again", () => ({ appRoleId: DEFAULT, principalId: ada.id, resourceId }), 400],
  ["nobody", () => ({ appRoleId: DEFAULT, principalId: NOBODY, resourceId }), 400],
  [
    "a group of another tenant",
    () => ({ appRoleId: DEFAULT, principalId: fabrikamGroups.engineers.id, resourceId }),
    400,
  ],
  ["another resource", () => ({ appRoleId: DEFAULT, principalId: ben.id, resourceId: NOBODY }), 400],
  ["a role that is not there", () => ({ appRoleId: NOBODY, principalId: ben.id, resourceId }), 400],
  ["no role", () => ({ principalId: ben.id, resourceId }), 400],
  [
    "a read-only property",
    () => ({ appRoleId: DEFAULT, principalId: ben.id, resourceId, principalType: "User" }),
    400,
  ],
])("%s is not assigned", async (_what, body, status) => {
  await assign(ada.id);
  expect((await ask("POST", path, body())).status).toBe(status);
  expect((await ask("GET", path)).body.value).toHaveLength(1);
});

test("requires an enabled role for the type of principal", async () => {
  const role = (value: string, allowed: string, isEnabled = true) => ({
    id: `aaaaaaaa-0000-4000-8000-00000000000${value}`,
    allowedMemberTypes: [allowed],
    description: value,
    displayName: value,
    isEnabled,
    value,
  });
  const appRoles = [role("1", "User"), role("2", "Application"), role("3", "User", false)];
  expect((await ask("PATCH", `/v1.0/applications/${application.id}`, { appRoles })).status).toBe(204);
  const [users, applications, off] = appRoles.map(({ id }) => id);
  expect((await assign(ada.id, users)).status).toBe(201);
  expect((await assign(engineers.id, users)).status).toBe(201);
  expect((await assign(resourceId, users)).status).toBe(400);
  expect((await assign(resourceId, applications)).status).toBe(201);
  expect((await assign(ada.id, applications)).status).toBe(400);
  expect((await assign(ada.id, off)).status).toBe(400);
  expect((await assign(ben.id)).status).toBe(501);
});

describe("permissions of Microsoft Graph", () => {
  const READ = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30";
  let auditor: string;
  beforeEach(async () => {
    const find = async (appId: string) =>
      (await ask("GET", encodeURI(`/v1.0/servicePrincipals?$filter=appId eq '${appId}'`))).body.value[0].id;
    resourceId = await find("00000003-0000-0000-c000-000000000000");
    auditor = await find(contoso.auditor.appId);
    path = `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`;
  });

  test("are assignments of its service principal, which are listed, granted and revoked", async () => {
    const own = `/v1.0/servicePrincipals/${auditor}/appRoleAssignments`;
    const listed = (await ask("GET", own)).body.value;
    expect(listed.map(({ appRoleId }: { appRoleId: string }) => appRoleId)).toContain(READ);
    const caller = graph.app("AppRoleAssignment.ReadWrite.All", "Application.Read.All");
    const again = await caller("POST", path, { appRoleId: READ, principalId: auditor, resourceId });
    expect(again.status).toBe(400);
    const [{ id }] = listed.filter(({ appRoleId }: { appRoleId: string }) => appRoleId === READ);
    expect((await caller("DELETE", `${path}/${id}`)).status).toBe(204);
    expect((await ask("GET", own)).body.value).toHaveLength(listed.length - 1);
    const granted = await caller("POST", path, { appRoleId: READ, principalId: auditor, resourceId });
    expect([granted.status, granted.body.principalId]).toEqual([201, auditor]);
    expect((await ask("GET", own)).body.value).toHaveLength(listed.length);
  });

  test("are not granted by somebody who may only write applications, and unknown ones by nobody", async () => {
    const body = { appRoleId: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", principalId: resourceId, resourceId };
    expect((await graph.app("Application.ReadWrite.All")("POST", path, body)).status).toBe(403);
    const caller = graph.app("AppRoleAssignment.ReadWrite.All", "Application.Read.All");
    const unknown = { ...body, appRoleId: "00000000-1111-4000-8000-000000000000" };
    expect((await caller("POST", path, unknown)).status).toBe(400);
    expect((await assign(ada.id)).status).toBe(501);
  });
});

test("treats the user and direct members of the group as assigned", async () => {
  const tenant = graph.tenant();
  const assigned = () =>
    [ada, ben, chidi].map(({ id }) => findAssignments(tenant, id, resourceId).length > 0);
  expect(assigned()).toEqual([false, false, false]);
  await assign(employees.id);
  expect(assigned()).toEqual([false, false, true]);
  await assign(ada.id);
  expect(assigned()).toEqual([true, false, true]);
});

test("deletes assignments with their group or application", async () => {
  await assign(engineers.id);
  await assign(ada.id);
  await ask("DELETE", `/v1.0/groups/${engineers.id}`);
  expect((await ask("GET", path)).body.value).toMatchObject([{ principalId: ada.id }]);
  await ask("DELETE", `/v1.0/applications/${application.id}`);
  expect(graph.tenant().appRoleAssignments.size).toBe(0);
});

test.each<[permissions: string[], made: number, removed: number]>([
  [["AppRoleAssignment.ReadWrite.All"], 403, 204],
  [["AppRoleAssignment.ReadWrite.All", "Application.Read.All"], 201, 204],
  [["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"], 201, 204],
  [["Application.ReadWrite.All"], 201, 204],
  [["Application.ReadWrite.OwnedBy", "Directory.Read.All"], 403, 403],
])("with %j making is a %d, removing a %d", async (permissions, made, removed) => {
  const { id } = (await assign(ada.id)).body;
  const caller = graph.app(...permissions);
  const body = { appRoleId: DEFAULT, principalId: ben.id, resourceId };
  expect((await caller("POST", path, body)).status).toBe(made);
  expect((await caller("DELETE", `${path}/${id}`)).status).toBe(removed);
});
