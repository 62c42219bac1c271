import { contoso } from "../../../twin/index";
import { useGraphAs } from "./graph-fixture";

const { call } = useGraphAs(contoso.deployer);

const GRAPH = "00000003-0000-0000-c000-000000000000";
const NOBODY = "11111111-2222-4333-8444-555555555555";

let application: { id: string; appId: string };
beforeEach(async () => {
  const body = { displayName: "Access", web: { redirectUris: ["https://contoso.test/callback"] } };
  application = (await call("POST", "/v1.0/applications", body)).body;
});

const create = async (settings = {}) =>
  (await call("POST", "/v1.0/servicePrincipals", { appId: application.appId, ...settings })).body;
const byAppId = async (appId: string) =>
  (await call("GET", `/v1.0/servicePrincipals?$filter=appId eq '${appId}'`)).body.value;

test("mirrors the application in its service principal, also after changes", async () => {
  const { id } = await create({ appRoleAssignmentRequired: true });
  const path = `/v1.0/servicePrincipals/${id}`;
  expect((await call("GET", path)).body).toMatchObject({
    appId: application.appId,
    displayName: "Access",
    appOwnerOrganizationId: contoso.tenantId,
    replyUrls: ["https://contoso.test/callback"],
    servicePrincipalNames: [application.appId],
    accountEnabled: true,
    appRoleAssignmentRequired: true,
  });
  await call("PATCH", `/v1.0/applications/${application.id}`, {
    displayName: "Renamed",
    web: { redirectUris: [] },
  });
  expect((await call("GET", path)).body).toMatchObject({ displayName: "Renamed", replyUrls: [] });
  expect((await byAppId(application.appId)).map((s: { id: string }) => s.id)).toEqual([id]);
});

test("changes only the service principal's own settings", async () => {
  const { id } = await create({ description: "temporary" });
  const path = `/v1.0/servicePrincipals/${id}`;
  expect((await call("PATCH", path, { description: null, tags: ["HideApp"] })).status).toBe(204);
  expect((await call("GET", path)).body).toMatchObject({ description: null, tags: ["HideApp"], notes: null });
  expect((await call("GET", `/beta/servicePrincipals/${id}?$select=samlMetadataUrl`)).body).toMatchObject({
    id,
    samlMetadataUrl: null,
  });
});

test("refuses a second service principal for an application", async () => {
  await create();
  const again = await call("POST", "/v1.0/servicePrincipals", { appId: application.appId });
  expect([again.status, again.body.error.code]).toEqual([409, "Request_MultipleObjectsWithSameKeyValue"]);
});

test.each([
  ["an application that is not there", { appId: NOBODY }, /does not reference a valid application object/],
  ["an application id that is none", { appId: "x" }, /'appId'/],
  ["no application id", { appId: undefined }, /'appId'/],
  ["an unknown property", { colour: "red" }, /colour/],
  ["a read-only property", { servicePrincipalType: "Legacy" }, /read-only/],
  [
    "an owner the tenant does not have",
    { "owners@odata.bind": [`https://graph.microsoft.com/v1.0/directoryObjects/${NOBODY}`] },
    /does not exist/,
  ],
])("%s is a 400", async (_what, body, message) => {
  const answer = await call("POST", "/v1.0/servicePrincipals", { appId: application.appId, ...body });
  expect([answer.status, answer.body.error.code]).toEqual([400, "Request_BadRequest"]);
  expect(answer.body.error.message).toMatch(message);
});

test("refuses to bind an owner twice", async () => {
  const [own] = await byAppId(contoso.deployer.appId);
  const reference = `https://graph.microsoft.com/v1.0/directoryObjects/${own.id}`;
  const body = { appId: application.appId, "owners@odata.bind": [reference, reference] };
  expect((await call("POST", "/v1.0/servicePrincipals", body)).status).toBe(400);
  body["owners@odata.bind"].pop();
  const { id } = (await call("POST", "/v1.0/servicePrincipals", body)).body;
  const owners = await call("GET", `/v1.0/servicePrincipals/${id}/owners`);
  expect(owners.body.value.map((owner: { id: string }) => owner.id)).toEqual([own.id]);
});

test("answers 501 for what the twin does not serve", async () => {
  const sso = { appId: application.appId, preferredSingleSignOnMode: "saml" };
  expect((await call("POST", "/v1.0/servicePrincipals", sso)).status).toBe(501);
});

test("keeps the application of a deleted service principal", async () => {
  const { id } = await create();
  expect((await call("DELETE", `/v1.0/servicePrincipals/${id}`)).status).toBe(204);
  expect((await call("GET", `/v1.0/servicePrincipals/${id}`)).status).toBe(404);
  expect((await call("GET", `/v1.0/applications/${application.id}`)).status).toBe(200);
  expect(await byAppId(application.appId)).toEqual([]);
});

test("lists Microsoft's permissions in Graph's own service principal and refuses changes of it", async () => {
  const [graph] = await byAppId(GRAPH);
  expect(graph).toMatchObject({ displayName: "Microsoft Graph", accountEnabled: true });
  expect(graph.oauth2PermissionScopes).toContainEqual(
    expect.objectContaining({ value: "User.Read", id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "User" }),
  );
  expect(graph.oauth2PermissionScopes).toContainEqual(
    expect.objectContaining({
      value: "Directory.Read.All",
      id: "06da0dbc-49e2-44d2-8312-53f166ab848a",
      type: "Admin",
    }),
  );
  expect(graph.appRoles).toContainEqual(
    expect.objectContaining({
      value: "Application.ReadWrite.OwnedBy",
      id: "18a4783c-866b-4cc7-a460-3d5e5662c884",
    }),
  );
  expect((await call("PATCH", `/v1.0/servicePrincipals/${graph.id}`, { notes: "mine" })).status).toBe(403);
});

describe("admin consent", () => {
  let clientId: string;
  let resourceId: string;
  beforeEach(async () => {
    clientId = (await create()).id;
    resourceId = (await byAppId(GRAPH))[0].id;
  });

  const consent = (body = {}) =>
    call("POST", "/v1.0/oauth2PermissionGrants", {
      clientId,
      consentType: "AllPrincipals",
      resourceId,
      scope: "openid User.Read",
      ...body,
    });

  test("is stored as sent, and found by its client", async () => {
    const { status, body } = await consent();
    expect(status).toBe(201);
    const { "@odata.context": _context, ...grant } = body;
    expect(grant).toEqual({
      id: expect.stringMatching(/^[\w-]{43}$/),
      clientId,
      consentType: "AllPrincipals",
      principalId: null,
      resourceId,
      scope: "openid User.Read",
    });
    for (const path of [
      `/v1.0/oauth2PermissionGrants?$filter=clientId eq '${clientId}' and consentType eq 'AllPrincipals'`,
      `/v1.0/servicePrincipals/${clientId}/oauth2PermissionGrants`,
    ]) {
      expect((await call("GET", path)).body.value).toEqual([grant]);
    }
    expect(
      (await call("GET", `/v1.0/oauth2PermissionGrants?$filter=clientId eq '${NOBODY}'`)).body.value,
    ).toEqual([]);
  });

  test("has Entra's id: both object ids in Microsoft's byte order", async () => {
    const { id } = (await consent()).body;
    const bytes = Buffer.from(id, "base64url");
    const guid = (b: Buffer) =>
      [
        b.subarray(0, 4).reverse(),
        b.subarray(4, 6).reverse(),
        b.subarray(6, 8).reverse(),
        b.subarray(8, 10),
        b.subarray(10),
      ]
        .map((part) => part.toString("hex"))
        .join("-");
    expect([guid(bytes.subarray(0, 16)), guid(bytes.subarray(16))]).toEqual([clientId, resourceId]);
  });

  test("cannot be given twice", async () => {
    await consent();
    const again = await consent({ scope: "email" });
    expect(again).toMatchObject({
      status: 409,
      body: {
        error: {
          code: "Request_MultipleObjectsWithSameKeyValue",
          message: "Permission entry already exists.",
        },
      },
    });
  });

  test.each([
    ["a permission Graph does not offer", { scope: "openid Coffee.Read" }, /Coffee\.Read/],
    ["an application permission", { scope: "Application.ReadWrite.OwnedBy" }, /OwnedBy/],
    ["no permission", { scope: "" }, /scope/],
    ["a client that is not there", { clientId: NOBODY }, /does not exist or one of its queried/],
    ["a resource that is not there", { resourceId: NOBODY }, /does not exist or one of its queried/],
    ["an unknown kind of consent", { consentType: "Everybody" }, /consentType/],
    ["one user's id in a consent for all", { principalId: NOBODY }, /principalId/],
    ["an unknown property", { expiryTime: "2027-01-01T00:00:00Z" }, /expiryTime/],
  ])("for %s is a 400", async (_what, body, message) => {
    const answer = await consent(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, "Request_BadRequest"]);
    expect(answer.body.error.message).toMatch(message);
  });

  test("of a single user is answered 501", async () => {
    expect((await consent({ consentType: "Principal", principalId: NOBODY })).status).toBe(501);
  });

  test("can only change its scope, and is deleted", async () => {
    const { id } = (await consent()).body;
    const path = `/v1.0/oauth2PermissionGrants/${id}`;
    expect((await call("PATCH", path, { scope: "email" })).status).toBe(204);
    expect((await call("GET", path)).body.scope).toBe("email");
    expect((await call("PATCH", path, { scope: "Coffee.Read" })).status).toBe(400);
    expect((await call("PATCH", path, { clientId })).status).toBe(400);
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(404);
  });

  test("is deleted with its service principal", async () => {
    const { id } = (await consent()).body;
    await call("DELETE", `/v1.0/servicePrincipals/${clientId}`);
    expect((await call("GET", `/v1.0/oauth2PermissionGrants/${id}`)).status).toBe(404);
  });
});
