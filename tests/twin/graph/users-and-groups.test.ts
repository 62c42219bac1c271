import { contosoGroups, contosoUsers, fabrikamUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const NOBODY = "11111111-2222-4333-8444-555555555555";
const { ada, ben, chidi, dana, emil, robin } = contosoUsers;
const { engineers, employees, contractors } = contosoGroups;
const read = (path: string) => graph.app("Directory.Read.All")("GET", path);
const ids = async (path: string) => (await read(path)).body.value.map(({ id }: { id: string }) => id);
const idsOf = (objects: { id: string }[]) => objects.map(({ id }) => id);

test("reads a user by id or name with the default properties", async () => {
  const byId = await read(`/v1.0/users/${ada.id}`);
  expect(byId.body).toMatchObject({ id: ada.id, mail: ada.userPrincipalName, jobTitle: null });
  expect(byId.body).not.toHaveProperty("accountEnabled");
  expect((await read("/v1.0/users/ADA@contoso.onmicrosoft.com")).body).toEqual(byId.body);
  const guest = await read(
    `/v1.0/users/${encodeURIComponent(robin.userPrincipalName)}?$select=id,mail,userType,creationType`,
  );
  expect(guest.body).toMatchObject({
    id: robin.id,
    mail: "robin@fabrikam.onmicrosoft.com",
    userType: "Guest",
    creationType: "Invitation",
  });
  expect(JSON.stringify([byId, guest])).not.toMatch(/hash|password/i);
});

test("has the user properties that the azuread provider selects, for members and guests", async () => {
  const select = "$select=mailNickname,otherMails,externalUserState,usageLocation,onPremisesSyncEnabled";
  const member = (await read(`/v1.0/users/${ada.id}?${select}`)).body;
  expect(member).toMatchObject({ mailNickname: "ada", otherMails: [], externalUserState: null });
  expect(member).toMatchObject({ usageLocation: null, onPremisesSyncEnabled: null });
  expect((await read(`/v1.0/users/${robin.id}?${select}`)).body).toMatchObject({
    mailNickname: "robin_fabrikam.onmicrosoft.com#EXT#",
    otherMails: [robin.mail],
    externalUserState: "Accepted",
  });
});

test("answers 404 for unknown objects and 501 for unknown properties", async () => {
  for (const path of [
    `users/${NOBODY}`,
    `users/${fabrikamUsers.sana.id}`,
    "users/x@y.z",
    `groups/${NOBODY}`,
  ]) {
    const { status, body } = await read(`/v1.0/${path}`);
    expect([path, status, body.error.code]).toEqual([path, 404, "Request_ResourceNotFound"]);
  }
  const manager = await read(`/v1.0/users/${ada.id}/manager`);
  expect([manager.status, manager.body.error.message]).toEqual([
    404,
    expect.stringMatching(/^Resource 'manager'/),
  ]);
  for (const list of ["members", "transitiveMembers", "memberOf", "owners"]) {
    expect((await read(`/v1.0/groups/${NOBODY}/${list}`)).status).toBe(404);
  }
  expect((await read(`/v1.0/users/${NOBODY}/memberOf`)).status).toBe(404);
  expect((await read(`/v1.0/users/${ada.id}?$select=passwordProfile`)).status).toBe(501);
});

test("lists directory roles among a user's memberships, in full for callers who may read roles", async () => {
  const path = `/v1.0/users/${contosoUsers.farida.id}/memberOf`;
  const hidden = await graph.user(contosoUsers.farida, "User.Read")("GET", "/v1.0/me/memberOf");
  expect(hidden.body.value).toEqual([
    expect.objectContaining({ "@odata.type": "#microsoft.graph.directoryRole", displayName: null }),
  ]);
  const reader = graph.app("Directory.Read.All");
  const role = {
    id: hidden.body.value[0].id,
    displayName: "Global Administrator",
    roleTemplateId: "62e90394-69f5-4237-9190-012177145e10",
  };
  expect((await reader("GET", path)).body.value).toMatchObject([role]);
  expect((await reader("GET", "/v1.0/directoryRoles")).body.value).toMatchObject([role]);
  expect((await reader("GET", `/v1.0/directoryObjects/${role.id}`)).body).toMatchObject(role);
  expect((await reader("GET", `/v1.0/users/${contosoUsers.farida.id}`)).body).not.toHaveProperty("roles");
});

test.each<[filter: string, () => { id: string }[]]>([
  ["accountEnabled eq false", () => [emil]],
  ["userType eq 'Guest'", () => [robin]],
  ["startswith(displayName,'Ch')", () => [chidi]],
  ["startswith( userPrincipalName , 'BEN@' )", () => [ben]],
  ["mail eq 'DANA@contoso.onmicrosoft.com'", () => [dana]],
  ["accountEnabled eq true and startswith(surname,'b')", () => [ada]],
  ["displayName eq 'O''Neil'", () => []],
  [`id eq '${ada.id}'`, () => [ada]],
])("users where %s", async (filter, expected) => {
  expect(await ids(`/v1.0/users?$select=id&$filter=${encodeURIComponent(filter)}`)).toEqual(
    idsOf(expected()),
  );
});

test.each<[filter: string, () => { id: string }[]]>([
  ["securityEnabled eq true", () => [engineers, employees, contractors]],
  ["mailEnabled eq true", () => []],
  ["displayName eq 'engineers'", () => [engineers]],
  ["securityEnabled eq true and startswith(displayName,'E')", () => [engineers, employees]],
])("groups where %s, in both versions", async (filter, expected) => {
  for (const version of ["v1.0", "beta"]) {
    expect(await ids(`/${version}/groups?$filter=${encodeURIComponent(filter)}`)).toEqual(idsOf(expected()));
  }
});

test.each<[filter: string, status: number]>([
  ["securityEnabled eq 'true'", 400],
  ["displayName eq true", 400],
  ["", 400],
  ["displayName ne 'Engineers'", 501],
  ["description eq 'x'", 501],
  ["startswith(description,'x')", 501],
  ["startswith(id,'x')", 501],
  ["displayName eq 'a' or displayName eq 'b'", 501],
])("groups where %s: %d", async (filter, status) => {
  expect((await read(`/v1.0/groups?$filter=${encodeURIComponent(filter)}`)).status).toBe(status);
});

test("shows a group in full, in beta with one more property", async () => {
  const { body } = await read(`/v1.0/groups/${engineers.id}`);
  expect(body).toMatchObject({
    id: engineers.id,
    displayName: "Engineers",
    description: engineers.description,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
    securityIdentifier: "S-1-12-1-1891918264-1339265770-3032713115-2547146991",
    createdDateTime: "2026-11-01T12:00:00Z",
  });
  expect(body).not.toHaveProperty("members");
  expect(body).not.toHaveProperty("owners");
  const beta = (await read(`/beta/groups/${engineers.id}`)).body;
  expect(Object.keys(beta).filter((name) => !(name in body))).toEqual(["writebackConfiguration"]);
  expect((await read(`/v1.0/groups/${engineers.id}?$select=displayName`)).body).toEqual({
    "@odata.context": "https://localhost:1/v1.0/$metadata#groups/$entity",
    id: engineers.id,
    displayName: "Engineers",
  });
});

test("lists members, owners and memberships", async () => {
  const group = `/v1.0/groups/${employees.id}`;
  const { body } = await read(`${group}/members`);
  expect(body["@odata.context"]).toBe("https://localhost:1/v1.0/$metadata#directoryObjects");
  expect(body.value).toMatchObject([
    { "@odata.type": "#microsoft.graph.user", id: chidi.id, displayName: "Chidi Eze" },
    { "@odata.type": "#microsoft.graph.user", id: emil.id },
    { "@odata.type": "#microsoft.graph.group", id: engineers.id, securityEnabled: true },
  ]);
  expect(await ids(`${group}/transitiveMembers`)).toEqual(idsOf([chidi, emil, engineers, ada, ben]));
  expect(await ids(`${group}/owners`)).toEqual([chidi.id]);
  expect(await ids(`${group}/memberOf`)).toEqual([]);
  expect(await ids(`/v1.0/groups/${engineers.id}/memberOf`)).toEqual([employees.id]);
  expect(await ids(`/v1.0/users/${ben.userPrincipalName}/memberOf`)).toEqual([engineers.id]);
  expect(await ids(`/v1.0/users/${ben.id}/transitiveMemberOf`)).toEqual(idsOf([engineers, employees]));
});

test("finds a member by id", async () => {
  const members = `/beta/groups/${employees.id}/members?$filter=`;
  expect(await ids(encodeURI(`${members}id eq '${emil.id}'`))).toEqual([emil.id]);
  expect(await ids(encodeURI(`${members}id eq '${dana.id}'`))).toEqual([]);
  expect((await read(encodeURI(`${members}displayName eq 'Emil Garde'`))).status).toBe(501);
});

test("reads a directory object of any type by id", async () => {
  for (const [{ id }, type] of [
    [ada, "user"],
    [engineers, "group"],
    [{ id: [...graph.tenant().servicePrincipals.keys()][0] ?? "" }, "servicePrincipal"],
  ] as const) {
    const { status, body } = await read(`/v1.0/directoryObjects/${id}`);
    expect([status, body.id, body["@odata.type"]]).toEqual([200, id, `#microsoft.graph.${type}`]);
  }
  const [application] = graph.tenant().applications.keys();
  expect((await read(`/v1.0/directoryObjects/${application}`)).status).toBe(501);
  expect((await read(`/v1.0/directoryObjects/${NOBODY}`)).status).toBe(404);
  expect((await graph.app("User.Read.All")("GET", `/v1.0/directoryObjects/${ada.id}`)).status).toBe(403);
});

test("shows only type and id of members that the caller may not read", async () => {
  const ask = graph.app("GroupMember.Read.All");
  const { value } = (await ask("GET", `/v1.0/groups/${employees.id}/members`)).body;
  expect(value).toMatchObject([
    { "@odata.type": "#microsoft.graph.user", id: chidi.id, displayName: null, userPrincipalName: null },
    { id: emil.id, displayName: null },
    { "@odata.type": "#microsoft.graph.group", id: engineers.id, displayName: "Engineers" },
  ]);
});

test.each<[path: string, permission: string, status: number]>([
  ["users", "User.Read.All", 200],
  ["users", "Group.Read.All", 403],
  ["groups", "GroupMember.Read.All", 200],
  ["groups", "User.Read.All", 403],
  [`groups/${employees.id}/members`, "User.Read.All", 403],
  [`groups/${employees.id}/transitiveMembers`, "Group.Read.All", 200],
  [`groups/${employees.id}/owners`, "Application.ReadWrite.OwnedBy", 403],
  [`groups/${employees.id}/memberOf`, "Group.Read.All", 200],
  [`users/${ada.id}/memberOf`, "User.Read.All", 403],
  [`users/${ada.id}/transitiveMemberOf`, "User.Read.All", 200],
  [`users/${ada.id}`, "DeviceManagementApps.Read.All", 501],
])("GET %s with %s is a %d", async (path, permission, status) => {
  expect((await graph.app(permission)("GET", `/v1.0/${path}`)).status).toBe(status);
});

test("answers 501 for other options and for new users", async () => {
  for (const path of [
    "users?$orderby=displayName",
    "users?$search=x",
    "users?$expand=memberOf",
    "groups/$count",
    "users/delta",
  ]) {
    expect([path, (await read(`/v1.0/${path}`)).status]).toEqual([path, 501]);
  }
  expect((await graph.app("Directory.ReadWrite.All")("POST", "/v1.0/users", {})).status).toBe(501);
});

describe("a change of a user", () => {
  const change = (permission: string, body: object, method = "PATCH") =>
    graph.app(permission)(method, `/v1.0/users/${ada.id}`, method === "DELETE" ? undefined : body);

  test("is seen afterwards and is in the audit log", async () => {
    const body = { accountEnabled: false, displayName: "Ada Berger", mail: null };
    expect((await change("User.ReadWrite.All", body)).status).toBe(204);
    const { body: shown } = await read(`/v1.0/users/${ada.id}?$select=accountEnabled,displayName,mail`);
    expect(shown).toMatchObject(body);
    const [audit] = [...graph.tenant().directoryAudits.values()].slice(-1);
    expect(audit).toMatchObject({ activityDisplayName: "Update user", targetResources: [{ id: ada.id }] });
  });

  test.each([
    ["User.Read.All", { accountEnabled: false }, 403],
    ["User.EnableDisableAccount.All", { accountEnabled: false }, 204],
    ["User.EnableDisableAccount.All", { displayName: "x" }, 403],
    ["User.ReadWrite.All", { displayName: "" }, 400],
    ["User.ReadWrite.All", { id: ben.id }, 400],
    ["User.ReadWrite.All", { jobTitle: "x" }, 501],
  ])("with %s to %j is a %i", async (permission, body, status) => {
    expect((await change(permission, body)).status).toBe(status);
  });

  test("deletes them with their memberships", async () => {
    expect((await change("User.ReadWrite.All", {}, "DELETE")).status).toBe(204);
    expect((await read(`/v1.0/users/${ada.id}`)).status).toBe(404);
    expect(await ids(`/v1.0/groups/${engineers.id}/members`)).toEqual([ben.id]);
    expect((await change("User.ReadWrite.All", {}, "DELETE")).status).toBe(404);
  });
});
