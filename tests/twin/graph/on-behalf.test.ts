import { contoso, contosoGroups, contosoUsers, fabrikam, fabrikamUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const { ada, ben, chidi, robin } = contosoUsers;
const { engineers, employees, contractors } = contosoGroups;
const FULL = ["openid", "profile", "User.Read", "GroupMember.Read.All"];

test("answers /me with the user of the token", async () => {
  const { status, body } = await graph.user(ada, "User.Read")("GET", "/v1.0/me");
  expect(status).toBe(200);
  expect(body).toEqual({
    "@odata.context": "https://localhost:1/v1.0/$metadata#users/$entity",
    businessPhones: [],
    displayName: "Ada Berg",
    givenName: "Ada",
    jobTitle: null,
    mail: "ada@contoso.onmicrosoft.com",
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: "Berg",
    userPrincipalName: "ada@contoso.onmicrosoft.com",
    id: ada.id,
  });
  const selected = await graph.user(ada, "User.Read")("GET", "/v1.0/me?$select=userType,accountEnabled");
  expect(selected.body).toEqual({
    "@odata.context": expect.anything(),
    userType: "Member",
    accountEnabled: true,
  });
});

test("lists direct and nested memberships of the user", async () => {
  const ask = graph.user(ben, ...FULL);
  const names = async (path: string) =>
    (await ask("GET", path)).body.value.map((group: Record<string, string>) => [
      group["@odata.type"],
      group.displayName,
    ]);
  expect(await names("/v1.0/me/memberOf")).toEqual([["#microsoft.graph.group", "Engineers"]]);
  expect(await names("/v1.0/me/transitiveMemberOf")).toEqual([
    ["#microsoft.graph.group", "Engineers"],
    ["#microsoft.graph.group", "Employees"],
  ]);
  const { body } = await ask("POST", "/v1.0/me/getMemberGroups", { securityEnabledOnly: true });
  expect(body).toEqual({
    "@odata.context": "https://localhost:1/v1.0/$metadata#Collection(Edm.String)",
    value: [engineers.id, employees.id],
  });
});

test("omits groups that are not security groups if requested in getMemberGroups", async () => {
  const stored = graph.tenant().groups.get(employees.id);
  if (stored) stored.securityEnabled = false;
  const ask = graph.user(chidi, ...FULL);
  const groups = async (body: unknown) => (await ask("POST", "/v1.0/me/getMemberGroups", body)).body.value;
  expect(await groups({ securityEnabledOnly: true })).toEqual([]);
  expect(await groups({ securityEnabledOnly: false })).toEqual([employees.id]);
  expect(await groups({})).toEqual([employees.id]);
  expect((await ask("POST", "/v1.0/me/getMemberGroups", { securityEnabledOnly: "yes" })).status).toBe(400);
  expect((await ask("POST", "/v1.0/me/getMemberGroups", { other: true })).status).toBe(400);
});

test("shows only type and id of groups with User.Read alone", async () => {
  const ask = graph.user(ben, "User.Read");
  const [group] = (await ask("GET", "/v1.0/me/memberOf")).body.value;
  expect(group).toMatchObject({ "@odata.type": "#microsoft.graph.group", id: engineers.id });
  const { "@odata.type": _type, id: _id, ...rest } = group;
  expect(new Set(Object.values(rest))).toEqual(new Set([null]));
});

test.each<[call: string, scopes: string[], status: number]>([
  ["GET /v1.0/me", ["openid", "profile", "email", "offline_access"], 403],
  ["GET /v1.0/me", ["Directory.Read.All"], 200],
  ["GET /v1.0/me", ["GroupMember.Read.All"], 403],
  ["GET /v1.0/me", ["User.ReadBasic.All"], 501],
  ["GET /v1.0/me/memberOf", ["openid"], 403],
  ["GET /v1.0/me/memberOf", ["GroupMember.Read.All"], 200],
  ["GET /v1.0/me/transitiveMemberOf", ["Group.Read.All"], 200],
  ["GET /v1.0/me/transitiveMemberOf", ["email"], 403],
  ["POST /v1.0/me/getMemberGroups", ["User.Read"], 403],
  ["POST /v1.0/me/getMemberGroups", ["GroupMember.Read.All"], 200],
  ["GET /v1.0/users", ["User.Read"], 403],
  ["GET /v1.0/users", ["User.Read.All"], 200],
  ["GET /v1.0/groups", ["User.Read"], 403],
  ["GET /v1.0/groups", ["Group.Read.All"], 200],
  [`GET /v1.0/users/${ada.id}`, ["User.Read"], 200],
  [`GET /v1.0/users/${ben.id}`, ["User.Read"], 403],
  [`GET /v1.0/users/${robin.id}0`, ["User.Read"], 403],
  [`GET /v1.0/users/${ben.id}`, ["User.Read", "User.Read.All"], 200],
  [`GET /v1.0/users/${ben.id}/memberOf`, ["User.Read"], 403],
  [`GET /v1.0/users/${ada.id}/memberOf`, ["User.Read"], 200],
  ["GET /v1.0/applications", ["Application.Read.All"], 200],
  ["POST /v1.0/applications", ["Application.ReadWrite.All"], 501],
  ["GET /v1.0/me/manager", ["Directory.Read.All"], 501],
])("%s with %j is a %d", async (call, scopes, status) => {
  const [method = "", path = ""] = call.split(" ");
  const answer = await graph.user(ada, ...scopes)(method, path, method === "POST" ? {} : undefined);
  const code = { 403: "Authorization_RequestDenied", 501: "NotImplemented" }[status];
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
});

test("refuses /me for an application", async () => {
  const { status, body } = await graph.app("Directory.Read.All", "User.Read.All")("GET", "/v1.0/me");
  expect([status, body.error.code, body.error.message]).toEqual([
    400,
    "BadRequest",
    "/me request is only valid with delegated authentication flow.",
  ]);
});

test("serves guests only /me", async () => {
  const ask = graph.user(robin, ...FULL, "User.Read.All");
  expect((await ask("GET", "/v1.0/me")).body.userPrincipalName).toBe(robin.userPrincipalName);
  expect((await ask("GET", "/v1.0/me/memberOf")).body.value).toMatchObject([{ id: contractors.id }]);
  expect((await ask("GET", "/v1.0/users")).status).toBe(501);
  expect((await ask("GET", "/v1.0/groups")).status).toBe(501);
});

test.each<[string, Record<string, unknown>]>([
  ["a user of another tenant", { oid: fabrikamUsers.sana.id }],
  ["an application of another tenant", { appid: fabrikam.deployer.appId }],
  ["no application", { appid: undefined }],
  ["another tenant", { tid: fabrikam.tenantId }],
  ["another issuer", { iss: `https://sts.windows.net/${fabrikam.tenantId}/` }],
  ["another audience", { aud: contoso.deployer.appId }],
  ["a signature of an hour ago", { exp: 0, nbf: 0 }],
])("a user's token with %s is a 401", async (_what, claims) => {
  const user = { oid: ada.id, appid: contoso.deployer.appId, scp: "User.Read" };
  const { status, body } = await graph.with({ ...user, ...claims })("GET", "/v1.0/me");
  expect([status, body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);
});

test("ignores application permissions in a user's token and scopes in an application's", async () => {
  const user = { oid: ada.id, appid: contoso.deployer.appId, scp: "openid" };
  const both = await graph.with({ ...user, roles: ["User.Read.All"] })("GET", "/v1.0/users");
  expect(both.status).toBe(403);
  expect((await graph.app("User.Read")("GET", "/v1.0/users")).status).toBe(403);
});
