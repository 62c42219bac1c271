import { contoso, contosoGroups, contosoUsers } from "../../../twin/index";
import type { SendCall } from "../client";
import { useGraphAs } from "./graph-fixture";

const { call, client, twin } = useGraphAs(contoso.administrator);

const NOBODY = "11111111-2222-4333-8444-555555555555";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const [OWNED_BY, READ, ALL] = [
  "Application.ReadWrite.OwnedBy",
  "Directory.Read.All",
  "Application.ReadWrite.All",
];

const principalOf = async (appId: string, graph: SendCall = call): Promise<string> =>
  (await graph("GET", `/v1.0/servicePrincipals?$filter=appId eq '${appId}'`)).body.value[0].id;
const reference = (id: string, kind = "directoryObjects") => ({
  "@odata.id": `${twin().microsoftUrl}/v1.0/${kind}/${id}`,
});
/** An application and its service principal, and the path of the one that is tested. */
const make = async (kind: string, graph: SendCall = call) => {
  const application = (await graph("POST", "/v1.0/applications", { displayName: "Access" })).body;
  const principal = (await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId })).body;
  return {
    application: application.id as string,
    path: kind === "/applications" ? `/v1.0${kind}/${application.id}` : `/v1.0${kind}/${principal.id}`,
  };
};
/** Signs in as the deployer, who has these permissions now. */
const deployerWith = (permissions: string[]) => {
  const principals = [{ ...contoso.deployer, permissions }, contoso.administrator];
  twin().reset({ tenants: [{ ...contoso.tenant, principals }], accounts: [] });
  return client().graphAs(contoso.tenantId, contoso.deployer);
};

describe.each(["/applications", "/servicePrincipals"])("owners of %s", (kind) => {
  let path: string;
  let application: string;
  let administrator: string;
  let deployer: string;
  beforeEach(async () => {
    ({ path, application } = await make(kind));
    administrator = await principalOf(contoso.administrator.appId);
    deployer = await principalOf(contoso.deployer.appId);
  });
  const owners = async () =>
    (await call("GET", `${path}/owners`)).body.value.map(({ id }: { id: string }) => id);
  const add = (body: unknown) => call("POST", `${path}/owners/$ref`, body);
  const remove = (id: string) => call("DELETE", `${path}/owners/${id}/$ref`);

  test("are added and removed one by one with status 204, and logged", async () => {
    expect(await add(reference(deployer))).toEqual({ status: 204, body: undefined });
    expect(await owners()).toEqual([administrator, deployer]);
    expect(await remove(administrator)).toEqual({ status: 204, body: undefined });
    expect(await owners()).toEqual([deployer]);
    expect(twin().requests.filter((request) => request.path.endsWith("$ref"))).toMatchObject([
      { service: "graph", method: "POST", path: `${path}/owners/$ref`, status: 204, caller: "administrator" },
      { method: "DELETE", path: `${path}/owners/${administrator}/$ref`, status: 204 },
    ]);
  });

  test("are referred to by any of their URLs, ignoring case", async () => {
    const url = `https://graph.microsoft.com/beta/directoryObjects/${deployer.toUpperCase()}`;
    expect((await add({ "@odata.id": url })).status).toBe(204);
    expect((await add(reference(deployer, "servicePrincipals"))).status).toBe(400);
    expect(await owners()).toEqual([administrator, deployer]);
    expect((await remove(deployer.toUpperCase())).status).toBe(204);
    expect(await owners()).toEqual([administrator]);
  });

  test("may be users, shown in full only to callers who may read users", async () => {
    const { id, displayName } = contosoUsers.ada;
    expect((await add(reference(id, "users"))).status).toBe(204);
    expect((await add(reference(id))).status).toBe(400);
    const seenBy = async (graph: SendCall) => (await graph("GET", `${path}/owners`)).body.value[1];
    const user = { "@odata.type": "#microsoft.graph.user", id };
    expect(await seenBy(call)).toMatchObject({ ...user, displayName });
    const deployerAsks = await client().graphAs(contoso.tenantId, contoso.deployer);
    expect(await seenBy(deployerAsks)).toMatchObject({ ...user, displayName: null });
    expect((await remove(id)).status).toBe(204);
    expect(await owners()).toEqual([administrator]);
  });

  test("cannot be added twice", async () => {
    expect(await add(reference(administrator))).toMatchObject({
      status: 400,
      body: {
        error: {
          code: "Request_BadRequest",
          message:
            "One or more added object references already exist for the following modified properties: 'owners'.",
        },
      },
    });
    expect(await owners()).toEqual([administrator]);
  });

  test.each<[string, () => unknown, number, RegExp]>([
    ["an object that is not there", () => reference(NOBODY), 404, new RegExp(`^Resource '${NOBODY}' does`)],
    ["a user that is not there", () => reference(NOBODY, "users"), 404, /does not exist/],
    ["an application", () => reference(application), 400, /'Application_.*' of type 'Application' is inv/],
    ["a group", () => reference(NOBODY, "groups"), 400, /^Invalid URL format specified in payload\.$/],
    [
      "a group's id",
      () => reference(contosoGroups.engineers.id),
      400,
      /'Group_.*' of type 'Group' is invalid for the 'owners'/,
    ],
    ["a bare id", () => ({ "@odata.id": deployer }), 400, /^Invalid URL format/],
    ["an id that is none", () => reference("a".repeat(36)), 400, /^Invalid URL format/],
    ["no id", () => ({}), 400, /@odata\.id/],
    ["a list", () => ({ "@odata.id": [deployer] }), 400, /@odata\.id/],
    ["an unknown property", () => ({ ...reference(deployer), id: deployer }), 400, /'id'/],
    ["a type", () => ({ ...reference(deployer), "@odata.type": "x" }), 501, /@odata\.type/],
    [
      "an address elsewhere",
      () => ({ "@odata.id": `https://graph.example/v1.0/directoryObjects/${deployer}` }),
      501,
      /https:\/\/graph\.example/,
    ],
  ])("%s is not added", async (_what, body, status, message) => {
    const answer = await add(body());
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(message)]);
    expect(await owners()).toEqual([administrator]);
  });

  test("cannot be removed if they are not owners", async () => {
    for (const id of [deployer, NOBODY, "x"]) {
      const answer = await remove(id);
      expect([id, answer.status, answer.body.error.code]).toEqual([id, 404, "Request_ResourceNotFound"]);
      expect(answer.body.error.message).toContain(`'${id}'`);
    }
    expect(await owners()).toEqual([administrator]);
  });

  test("of unknown objects are answered 404", async () => {
    path = `/v1.0${kind}/${NOBODY}`;
    expect([(await add(reference(deployer))).status, (await remove(deployer)).status]).toEqual([404, 404]);
  });

  test("do not count once they are deleted", async () => {
    const { appId } = (await call("POST", "/v1.0/applications", { displayName: "Other" })).body;
    const other = (await call("POST", "/v1.0/servicePrincipals", { appId })).body.id;
    await add(reference(other));
    await call("DELETE", `/v1.0/servicePrincipals/${other}`);
    expect(await owners()).toEqual([administrator]);
    expect((await remove(other)).status).toBe(404);
  });

  test("may all be removed", async () => {
    expect((await remove(administrator)).status).toBe(204);
    expect(await owners()).toEqual([]);
  });

  test.each<[permissions: string[], added: number, removed: number]>([
    [[OWNED_BY], 403, 204],
    [[OWNED_BY, READ], 204, 204],
    [[OWNED_BY, ALL], 403, 204],
    [[OWNED_BY, ALL, READ], 204, 204],
    [[OWNED_BY, "Directory.ReadWrite.All"], 204, 204],
  ])("with %j: adding is a %d, removing a %d", async (permissions, added, removed) => {
    const graph = await deployerWith(permissions);
    const own = await make(kind, graph);
    const other = await principalOf(contoso.administrator.appId, graph);
    const answers = [
      await graph("POST", `${own.path}/owners/$ref`, reference(other)),
      await graph("DELETE", `${own.path}/owners/${deployer}/$ref`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([added, removed]);
  });

  test("cannot be changed with reading permissions", async () => {
    const auditor = await client().graphAs(contoso.tenantId, contoso.auditor);
    expect((await auditor("POST", `${path}/owners/$ref`, reference(deployer))).status).toBe(403);
    expect((await auditor("DELETE", `${path}/owners/${administrator}/$ref`)).status).toBe(403);
  });

  test("can be changed with Application.ReadWrite.OwnedBy while the caller is an owner", async () => {
    const graph = await deployerWith([OWNED_BY, READ]);
    ({ path } = await make(kind, await client().graphAs(contoso.tenantId, contoso.administrator)));
    expect((await graph("POST", `${path}/owners/$ref`, reference(deployer))).status).toBe(403);
    expect((await graph("DELETE", `${path}/owners/${administrator}/$ref`)).status).toBe(403);
    ({ path } = await make(kind, graph));
    expect((await graph("DELETE", `${path}/owners/${deployer}/$ref`)).status).toBe(204);
    expect((await graph("POST", `${path}/owners/$ref`, reference(deployer))).status).toBe(403);
    expect((await graph("PATCH", path, { notes: "mine" })).status).toBe(403);
  });
});

test("answers 501 for owners of Microsoft Graph's own service principal", async () => {
  const path = `/v1.0/servicePrincipals/${await principalOf(GRAPH)}/owners`;
  expect((await call("POST", `${path}/$ref`, reference(NOBODY))).status).toBe(501);
  expect((await call("DELETE", `${path}/${NOBODY}/$ref`)).status).toBe(501);
});
