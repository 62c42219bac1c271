import { contoso } from "../../../twin/index";
import { useGraphAs } from "./graph-fixture";

const { call, twin } = useGraphAs(contoso.deployer);

const CALLBACK = "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const access = (id: string, type = "Scope") => [{ resourceAppId: GRAPH, resourceAccess: [{ id, type }] }];
const EMAIL = "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0";

const create = async (body: Record<string, unknown> = {}) =>
  (await call("POST", "/v1.0/applications", { displayName: "Access", ...body })).body;

test("creates an application with Graph's defaults and the caller as owner", async () => {
  const { status, body } = await call("POST", "/v1.0/applications", { displayName: "Access" });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    "@odata.context": `${twin().microsoftUrl}/v1.0/$metadata#applications/$entity`,
    displayName: "Access",
    signInAudience: "AzureADMyOrg",
    publisherDomain: contoso.domain,
    createdDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    passwordCredentials: [],
    web: {
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
  });
  expect(body.appId).not.toBe(body.id);
  expect(body).not.toHaveProperty("owners");
  const owners = await call("GET", `/v1.0/applications/${body.id}/owners`);
  expect(owners.body.value).toMatchObject([
    { "@odata.type": "#microsoft.graph.servicePrincipal", appId: contoso.deployer.appId },
  ]);
});

test("finds an application by id, name and appId, ignoring case, with $select", async () => {
  const { id, appId } = await create({ displayName: "O'Brien's" });
  expect((await call("GET", `/v1.0/applications/${id.toUpperCase()}`)).body.appId).toBe(appId);
  for (const filter of [
    "displayName eq 'o''brien''s'",
    `appId eq '${appId}'`,
    `appId eq '${appId}' and displayName eq 'O''Brien''s'`,
  ]) {
    const { body } = await call("GET", `/v1.0/applications?$filter=${encodeURIComponent(filter)}`);
    expect(body.value.map((a: { id: string }) => a.id)).toEqual([id]);
  }
  const none = await call("GET", `/v1.0/applications?$filter=appId eq '${appId}' and displayName eq 'Other'`);
  expect(none.body.value).toEqual([]);
  const selected = await call("GET", `/v1.0/applications/${id}?$select=appId,displayName`);
  expect(Object.keys(selected.body)).toEqual(["@odata.context", "id", "appId", "displayName"]);
  const beta = await call("GET", `/beta/applications/${id}?$select=oauth2RequirePostResponse`);
  expect(beta.body).toMatchObject({ id, oauth2RequirePostResponse: false });
  expect((await call("GET", "/v1.0/applications?$filter=appId eq 'x'")).status).toBe(400);
});

test("finds an application by a tag", async () => {
  const { id } = await create({ displayName: "Marked", tags: ["one", "o'two"] });
  await create({ displayName: "Not marked", tags: ["one and more"] });
  const found = async (filter: string) =>
    (await call("GET", `/v1.0/applications?$filter=${encodeURIComponent(filter)}`)).body.value;
  for (const filter of [
    "tags/any(t:t eq 'one')",
    "tags/any(tag:tag eq 'o''two') and displayName eq 'Marked'",
  ])
    expect((await found(filter)).map((a: { id: string }) => a.id)).toEqual([id]);
  expect(await found("tags/any(t:t eq 'two')")).toEqual([]);
  expect((await call("GET", "/v1.0/applications?$filter=tags/any(t:u eq 'one')")).status).toBe(501);
});

test("merges complex properties and replaces lists in a change", async () => {
  const { id } = await create({
    web: { redirectUris: [CALLBACK], homePageUrl: "https://contoso.test/" },
    api: { requestedAccessTokenVersion: 2 },
    optionalClaims: { idToken: [{ name: "email" }] },
    tags: ["one", "two"],
  });
  const change = {
    displayName: "Renamed",
    web: { redirectUris: [] },
    api: { acceptMappedClaims: true },
    optionalClaims: {},
    tags: ["three"],
  };
  expect(await call("PATCH", `/v1.0/applications/${id}`, change)).toEqual({ status: 204, body: undefined });
  expect((await call("GET", `/v1.0/applications/${id}`)).body).toMatchObject({
    displayName: "Renamed",
    web: { redirectUris: [], homePageUrl: "https://contoso.test/" },
    api: { requestedAccessTokenVersion: 2, acceptMappedClaims: true },
    optionalClaims: {},
    tags: ["three"],
  });
});

test.each([
  ["no name", { displayName: undefined }],
  ["an empty name", { displayName: "" }],
  ["an unknown property", { colour: "red" }],
  ["an unknown nested property", { web: { colour: "red" } }],
  ["a read-only property", { appId: EMAIL }],
  ["another type of object", { "@odata.type": "#microsoft.graph.group" }],
  ["an unknown audience", { signInAudience: "Everybody" }],
  ["group claims in the wrong case", { groupMembershipClaims: "securityGroup" }],
  ["a permission id that is no GUID", { requiredResourceAccess: access("email") }],
  ["a permission Graph does not have", { requiredResourceAccess: access(GRAPH) }],
  ["a delegated permission asked for as a role", { requiredResourceAccess: access(EMAIL, "Role") }],
  ["the same permission twice", { requiredResourceAccess: [...access(EMAIL), ...access(EMAIL)] }],
  ["a redirect URI over http", { web: { redirectUris: ["http://contoso.test/"] } }],
  ["a redirect URI with a fragment", { web: { redirectUris: [`${CALLBACK}#x`] } }],
  ["a redirect URI that is none", { web: { redirectUris: ["contoso"] } }],
  ["a redirect URI that is too long", { web: { redirectUris: [`${CALLBACK}/${"x".repeat(256)}`] } }],
  ["the same redirect URI twice", { web: { redirectUris: [CALLBACK, CALLBACK] } }],
  ["a single-page redirect URI over http", { spa: { redirectUris: ["http://contoso.test/"] } }],
  ["a native redirect URI over http", { publicClient: { redirectUris: ["http://contoso.test/"] } }],
  [
    "an owner the tenant does not have",
    { "owners@odata.bind": [`https://graph.microsoft.com/v1.0/directoryObjects/${EMAIL}`] },
  ],
  ["an owner that is no reference", { "owners@odata.bind": [EMAIL] }],
  [
    "an owner without a version",
    { "owners@odata.bind": [`https://graph.microsoft.com/directoryObjects/${EMAIL}`] },
  ],
  ["a secret of the caller's choice", { passwordCredentials: [{ secretText: "mine" }] }],
])("%s is a 400", async (_what, body) => {
  const answer = await call("POST", "/v1.0/applications", { displayName: "Access", ...body });
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe("Request_BadRequest");
  expect((await call("GET", "/v1.0/applications?$filter=displayName eq 'Access'")).body.value).toEqual([]);
});

test.each([
  ["a wildcard", { web: { redirectUris: ["https://*.contoso.test/"] } }],
  ["personal accounts", { signInAudience: "PersonalMicrosoftAccount" }],
  ["certificates", { keyCredentials: [] }],
  ["an unusual identifier URI", { identifierUris: ["https://contoso.test"] }],
  ["an optional claim it does not know", { optionalClaims: { idToken: [{ name: "shoe_size" }] } }],
])("%s: what the twin cannot judge is a 501", async (_what, body) => {
  const answer = await call("POST", "/v1.0/applications", { displayName: "Access", ...body });
  expect(answer.status).toBe(501);
  expect(answer.body.error.message).toContain("POST /v1.0/applications");
});

test.each([
  ["http on localhost", { web: { redirectUris: ["http://localhost:8080/callback"] } }],
  ["a scheme of its own for a native client", { publicClient: { redirectUris: ["myapp://auth"] } }],
  [
    "permissions of a resource it does not know",
    {
      requiredResourceAccess: [{ resourceAppId: EMAIL, resourceAccess: [{ id: EMAIL, type: "Role" }] }],
    },
  ],
])("%s is taken", async (_what, body) => {
  expect(await create(body)).toMatchObject(body);
});

test("refuses to delete an enabled app role", async () => {
  const role = {
    id: EMAIL,
    allowedMemberTypes: ["User"],
    description: "May use the wiki",
    displayName: "Wiki",
    isEnabled: true,
    value: "wiki",
  };
  const { id, appRoles } = await create({ appRoles: [role] });
  expect(appRoles).toEqual([{ ...role, origin: "Application" }]);
  const path = `/v1.0/applications/${id}`;
  const refused = await call("PATCH", path, { appRoles: [] });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining("CannotDeleteOrUpdateEnabledEntitlement") } },
  });
  expect((await call("PATCH", path, { appRoles: [{ ...role, isEnabled: false }] })).status).toBe(204);
  expect((await call("PATCH", path, { appRoles: [] })).status).toBe(204);
  expect((await call("PATCH", path, { appRoles: [role, role] })).status).toBe(400);
});

test("requires identifier URIs to be unique in the tenant", async () => {
  const first = await create();
  const identifierUris = [`api://${first.appId}`];
  expect((await call("PATCH", `/v1.0/applications/${first.id}`, { identifierUris })).status).toBe(204);
  const second = await create();
  expect((await call("PATCH", `/v1.0/applications/${second.id}`, { identifierUris })).status).toBe(400);
});

test("refuses a change with another object's id", async () => {
  const { id } = await create();
  expect((await call("PATCH", `/v1.0/applications/${id}`, { id, notes: "a" })).status).toBe(204);
  expect((await call("PATCH", `/v1.0/applications/${id}`, { id: EMAIL, notes: "b" })).status).toBe(400);
  expect((await call("GET", `/v1.0/applications/${id}`)).body.notes).toBe("a");
});

test("deletes an application with its service principal and consents", async () => {
  const { id, appId } = await create();
  const principal = (await call("POST", "/v1.0/servicePrincipals", { appId })).body;
  const [graph] = (await call("GET", `/v1.0/servicePrincipals?$filter=appId eq '${GRAPH}'`)).body.value;
  const grant = (
    await call("POST", "/v1.0/oauth2PermissionGrants", {
      clientId: principal.id,
      consentType: "AllPrincipals",
      resourceId: graph.id,
      scope: "openid",
    })
  ).body;
  expect((await call("DELETE", `/v1.0/applications/${id}`)).status).toBe(204);
  for (const path of [
    `/v1.0/applications/${id}`,
    `/v1.0/applications/${id}/owners`,
    `/v1.0/servicePrincipals/${principal.id}`,
    `/v1.0/oauth2PermissionGrants/${grant.id}`,
  ]) {
    const answer = await call("GET", path);
    expect([path, answer.status, answer.body.error.code]).toEqual([path, 404, "Request_ResourceNotFound"]);
  }
  expect((await call("DELETE", `/v1.0/applications/${id}`)).status).toBe(404);
});
