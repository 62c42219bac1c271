import { contosoGroups, contosoUsers, fabrikamUsers } from "../../../twin/index";
import { GraphInProcess } from "./in-process";

let graph: GraphInProcess;
beforeEach(async () => {
  graph = await GraphInProcess.start();
});

const NOBODY = "11111111-2222-4333-8444-555555555555";
const { ada, ben, dana, robin } = contosoUsers;
const { engineers, employees, contractors } = contosoGroups;
const plain = { displayName: "New", mailEnabled: false, mailNickname: "new", securityEnabled: true };
const refer = (id: string, set = "directoryObjects") => `https://localhost:1/beta/${set}/${id}`;

const ask = (method: string, path: string, body?: unknown) =>
  graph.app("Group.ReadWrite.All", "Directory.Read.All")(method, path, body);
const list = async (path: string) =>
  (await ask("GET", `/v1.0${path}`)).body.value.map(({ id }: { id: string }) => id);

test("creates a group with members and owners, and reads it in both versions", async () => {
  const { status, body } = await ask("POST", "/beta/groups", {
    ...plain,
    "@odata.type": "#microsoft.graph.group",
    description: null,
    groupTypes: [],
    isAssignableToRole: false,
    membershipRule: null,
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    "owners@odata.bind": [refer(ada.id, "users")],
    "members@odata.bind": [refer(ben.id), refer(engineers.id, "groups")],
  });
  expect([status, body]).toMatchObject([
    201,
    { ...plain, description: null, isAssignableToRole: false, createdDateTime: "2026-11-01T12:00:00Z" },
  ]);
  expect((await ask("GET", `/beta/groups/${body.id}`)).body).toEqual(body);
  expect(await list(`/groups/${body.id}/members`)).toEqual([ben.id, engineers.id]);
  expect(await list(`/groups/${body.id}/owners`)).toEqual([ada.id]);
  expect(await list(`/users/${ben.id}/memberOf`)).toEqual([engineers.id, body.id]);
});

test("creates a group without owners, with null for isAssignableToRole", async () => {
  const { body } = await ask("POST", "/v1.0/groups", plain);
  expect(body.isAssignableToRole).toBeNull();
  expect(await list(`/groups/${body.id}/owners`)).toEqual([]);
});

test("accepts a name that is in use", async () => {
  const made = { ...plain, displayName: engineers.displayName };
  expect((await ask("POST", "/v1.0/groups", made)).status).toBe(201);
});

test.each<[what: string, change: Record<string, unknown>, status: number]>([
  ["no name", { displayName: undefined }, 400],
  ["an empty name", { displayName: "" }, 400],
  ["a name of 257", { displayName: "x".repeat(257) }, 400],
  ["no mail nickname", { mailNickname: undefined }, 400],
  ["a nickname with a space", { mailNickname: "a b" }, 400],
  ["a nickname with an @", { mailNickname: "a@b" }, 400],
  ["no securityEnabled", { securityEnabled: undefined }, 400],
  ["securityEnabled as text", { securityEnabled: "true" }, 400],
  ["an id", { id: NOBODY }, 400],
  ["an unknown property", { nonsense: 1 }, 400],
  ["an unknown owner", { "owners@odata.bind": [refer(NOBODY)] }, 400],
  ["an owner of another tenant", { "owners@odata.bind": [refer(fabrikamUsers.sana.id)] }, 400],
  ["a group as owner", { "owners@odata.bind": [refer(engineers.id)] }, 400],
  ["a member twice", { "members@odata.bind": [refer(ada.id), refer(ada.id, "users")] }, 400],
  ["21 members", { "members@odata.bind": Array(21).fill(refer(ada.id)) }, 400],
  ["no security group", { securityEnabled: false }, 501],
  ["a mailbox", { mailEnabled: true }, 501],
  ["a Microsoft 365 group", { groupTypes: ["Unified"] }, 501],
  ["a membership rule", { membershipRule: "user.department -eq 'x'" }, 501],
  ["roles", { isAssignableToRole: true }, 501],
  ["a visibility", { visibility: "Private" }, 501],
])("a group with %s is a %d", async (_what, change, status) => {
  const before = graph.tenant().groups.size;
  expect((await ask("POST", "/v1.0/groups", { ...plain, ...change })).status).toBe(status);
  expect(graph.tenant().groups.size).toBe(before);
});

test("changes only the sent properties", async () => {
  const path = `/beta/groups/${engineers.id}`;
  const before = (await ask("GET", path)).body;
  expect(
    await ask("PATCH", path, { displayName: "Makers", "@odata.type": "#microsoft.graph.group" }),
  ).toEqual({
    status: 204,
    body: undefined,
  });
  expect((await ask("GET", path)).body).toEqual({ ...before, displayName: "Makers" });
  expect((await ask("PATCH", path, { description: null, mailNickname: "makers" })).status).toBe(204);
  expect((await ask("GET", path)).body).toMatchObject({ description: null, mailNickname: "makers" });
  expect((await ask("PATCH", path, { createdDateTime: "2020-01-01T00:00:00Z" })).status).toBe(400);
  expect((await ask("PATCH", path, { "members@odata.bind": [] })).status).toBe(501);
  expect((await ask("PATCH", `/beta/groups/${NOBODY}`, { displayName: "x" })).status).toBe(404);
});

test("removes a deleted group from its parent groups", async () => {
  expect((await ask("DELETE", `/v1.0/groups/${engineers.id}`)).status).toBe(204);
  expect((await ask("GET", `/v1.0/groups/${engineers.id}`)).status).toBe(404);
  expect((await ask("DELETE", `/v1.0/groups/${engineers.id}`)).status).toBe(404);
  expect(await list(`/groups/${employees.id}/members`)).not.toContain(engineers.id);
  expect(await list(`/users/${ada.id}/transitiveMemberOf`)).toEqual([]);
});

describe("members", () => {
  const path = `/beta/groups/${contractors.id}/members`;
  const add = (id: string, set?: string) => ask("POST", `${path}/$ref`, { "@odata.id": refer(id, set) });

  test("are added and removed", async () => {
    expect((await add(dana.id)).status).toBe(204);
    expect((await add(employees.id, "groups")).status).toBe(204);
    expect(await list(`/groups/${contractors.id}/members`)).toEqual([robin.id, dana.id, employees.id]);
    expect((await ask("DELETE", `${path}/${robin.id}/$ref`)).status).toBe(204);
    expect((await ask("DELETE", `${path}/${dana.id.toUpperCase()}/$ref`)).status).toBe(204);
    expect((await ask("DELETE", `${path}/${employees.id}/$ref`)).status).toBe(204);
    expect(await list(`/groups/${contractors.id}/members`)).toEqual([]);
  });

  test("must exist and cannot be added twice", async () => {
    const twice = await add(robin.id);
    expect([twice.status, twice.body.error.message]).toEqual([
      400,
      "One or more added object references already exist for the following modified properties: 'members'.",
    ]);
    expect((await add(NOBODY)).status).toBe(404);
    expect((await add(dana.id, "applications")).status).toBe(400);
    expect((await ask("DELETE", `${path}/${dana.id}/$ref`)).status).toBe(404);
    expect((await ask("POST", `/v1.0/groups/${NOBODY}/members/$ref`, {})).status).toBe(404);
  });

  test("do not change the seed", async () => {
    await add(dana.id);
    graph = await GraphInProcess.start();
    expect(await list(`/groups/${contractors.id}/members`)).toEqual([robin.id]);
  });
});

test("adds and removes owners, except for the last one", async () => {
  const path = `/v1.0/groups/${engineers.id}/owners`;
  const last = await ask("DELETE", `${path}/${ada.id}/$ref`);
  expect([last.status, last.body.error.message]).toEqual([
    400,
    "The group must have at least one owner, hence this owner cannot be removed.",
  ]);
  expect((await ask("POST", `${path}/$ref`, { "@odata.id": refer(dana.id) })).status).toBe(204);
  expect((await ask("POST", `${path}/$ref`, { "@odata.id": refer(employees.id) })).status).toBe(400);
  expect((await ask("DELETE", `${path}/${ben.id}/$ref`)).status).toBe(404);
  expect((await ask("DELETE", `${path}/${ada.id}/$ref`)).status).toBe(204);
  expect(await list(`/groups/${engineers.id}/owners`)).toEqual([dana.id]);
});

test.each<[call: string, permission: string, status: number]>([
  ["POST /groups", "Group.Create", 201],
  ["POST /groups", "Group.Read.All", 403],
  ["POST /groups", "Application.ReadWrite.OwnedBy", 403],
  ["PATCH /groups/{id}", "Directory.ReadWrite.All", 204],
  ["PATCH /groups/{id}", "Group.Create", 403],
  ["DELETE /groups/{id}", "Group.ReadWrite.All", 204],
  ["DELETE /groups/{id}", "Directory.ReadWrite.All", 403],
  ["POST /groups/{id}/members/$ref", "GroupMember.ReadWrite.All", 204],
  ["POST /groups/{id}/members/$ref", "GroupMember.Read.All", 403],
  ["POST /groups/{id}/owners/$ref", "GroupMember.ReadWrite.All", 403],
  ["POST /groups/{id}/owners/$ref", "Group.ReadWrite.All", 204],
])("%s with %s is a %d", async (call, permission, status) => {
  const [method = "", template = ""] = call.split(" ");
  const body = template.endsWith("$ref")
    ? { "@odata.id": refer(dana.id) }
    : method === "POST"
      ? plain
      : { displayName: "x" };
  const path = `/v1.0${template.replace("{id}", engineers.id)}`;
  const answer = await graph.app(permission)(method, path, method === "DELETE" ? undefined : body);
  expect(answer.status).toBe(status);
});
