import { decodeJwt } from "jose";
import { contoso, fabrikam, type Twin } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let twin: Twin;
let client: TwinClient;
let now = new Date("2026-11-01T12:00:00Z");

useTwin(
  (ready) => {
    ({ twin, client } = ready);
  },
  { now: () => now },
);
beforeEach(() => {
  now = new Date("2026-11-01T12:00:00Z");
});

const deployer = { client_id: contoso.deployer.appId, client_secret: contoso.deployer.secret };

test("has one origin for sign-in and Microsoft Graph in the metadata", async () => {
  const { status, body } = await client.send("GET", "/metadata/endpoints?api-version=2022-09-01");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    authentication: { loginEndpoint: twin.microsoftUrl },
    microsoftGraphResourceId: twin.microsoftUrl,
    resourceManager: twin.microsoftUrl,
  });
  expect((await client.send("GET", "/metadata/endpoints?api-version=2019-05-01")).status).toBe(501);
});

test("issues a version 1.0 access token for Microsoft Graph", async () => {
  const { status, body } = await client.token(contoso.tenantId, deployer);
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
  const claims = decodeJwt(body.access_token);
  const issued = now.getTime() / 1000;
  expect(claims).toEqual({
    aud: twin.microsoftUrl,
    iss: `https://sts.windows.net/${contoso.tenantId}/`,
    idp: `https://sts.windows.net/${contoso.tenantId}/`,
    iat: issued,
    nbf: issued,
    exp: issued + 3600,
    app_displayname: "deployer",
    appid: contoso.deployer.appId,
    appidacr: "1",
    idtyp: "app",
    oid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    sub: claims.oid,
    roles: contoso.deployer.permissions,
    tid: contoso.tenantId,
    ver: "1.0",
  });
});

test("accepts the tenant's domain, a Basic header and other names of Graph", async () => {
  expect((await client.token(contoso.domain, deployer)).status).toBe(200);
  const basic = Buffer.from(`${deployer.client_id}:${encodeURIComponent(deployer.client_secret)}`).toString(
    "base64",
  );
  const answer = await client.send("POST", `/${contoso.tenantId}/oauth2/v2.0/token`, {
    body: new URLSearchParams({
      grant_type: "client_credentials",
      scope: `${twin.microsoftUrl}/.default`,
    }).toString(),
    headers: { authorization: `Basic ${basic}` },
  });
  expect(answer.status).toBe(200);
  for (const name of ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"]) {
    const { body } = await client.token(contoso.tenantId, { ...deployer, scope: `${name}/.default` });
    expect(decodeJwt(body.access_token)).toMatchObject({ aud: name, roles: contoso.deployer.permissions });
  }
});

const unknownTenant = "00000000-1111-4222-8333-444444444444";
test.each([
  ["another tenant", unknownTenant, {}, 400, "invalid_request", 90002],
  ["an application of another tenant", fabrikam.tenantId, {}, 400, "unauthorized_client", 700016],
  [
    "an unknown application",
    contoso.tenantId,
    { client_id: unknownTenant },
    400,
    "unauthorized_client",
    700016,
  ],
  ["a wrong secret", contoso.tenantId, { client_secret: "wrong" }, 401, "invalid_client", 7000215],
  ["no secret", contoso.tenantId, { client_secret: undefined }, 401, "invalid_client", 7000216],
  ["no client id", contoso.tenantId, { client_id: undefined }, 400, "invalid_request", 900144],
  ["no grant type", contoso.tenantId, { grant_type: undefined }, 400, "invalid_request", 900144],
  ["no scope", contoso.tenantId, { scope: undefined }, 400, "invalid_request", 900144],
  ["an unknown grant type", contoso.tenantId, { grant_type: "magic" }, 400, "unsupported_grant_type", 70003],
  ["a scope without .default", contoso.tenantId, { scope: "User.Read" }, 400, "invalid_scope", 1002012],
  ["two scopes", contoso.tenantId, { scope: "a/.default b/.default" }, 400, "invalid_scope", 70011],
  [
    "an unknown resource",
    contoso.tenantId,
    { scope: "https://x.test/.default" },
    400,
    "invalid_resource",
    500011,
  ],
])("%s is refused in Entra's envelope", async (_what, tenant, fields, status, error, code) => {
  const answer = await client.token(tenant, { ...deployer, ...fields });
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({
    error,
    error_description: expect.stringMatching(
      new RegExp(
        `^AADSTS${code}: .+ Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: 2026-11-01 12:00:00Z$`,
      ),
    ),
    error_codes: [code],
    timestamp: "2026-11-01 12:00:00Z",
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
});

test.each([
  ["a grant the twin does not serve", contoso.tenantId, { grant_type: "password" }],
  ["a client assertion beside a secret", contoso.tenantId, { client_assertion: "x" }],
  ["no tenant in particular", "common", {}],
])("%s is answered 501", async (_what, tenant, fields) => {
  const answer = await client.token(tenant, { ...deployer, ...fields });
  expect(answer.status).toBe(501);
  expect(answer.body).toMatchObject({
    error: "not_implemented",
    error_description: expect.stringContaining(`POST /${tenant}/oauth2/v2.0/token`),
  });
});

test("issues tokens for other resources without permissions of Graph", async () => {
  const scope = `${contoso.auditor.appId}/.default`;
  const { body } = await client.token(contoso.tenantId, { ...deployer, scope });
  expect(decodeJwt(body.access_token)).not.toHaveProperty("roles");
});

describe("an application created in Graph", () => {
  let graph: SendCall;
  let application: { id: string; appId: string };
  let secret: { keyId: string; secretText: string };

  beforeEach(async () => {
    graph = await client.graphAs(contoso.tenantId, contoso.deployer);
    application = (await graph("POST", "/v1.0/applications", { displayName: "Probed" })).body;
    const passwordCredential = { endDateTime: "2026-12-01T00:00:00Z" };
    secret = (await graph("POST", `/v1.0/applications/${application.id}/addPassword`, { passwordCredential }))
      .body;
  });

  const probe = (fields = {}) =>
    client.token(contoso.tenantId, {
      client_id: application.appId,
      client_secret: secret.secretText,
      ...fields,
    });

  test("gets a token once it has a service principal, and one without roles", async () => {
    expect((await probe()).body).toMatchObject({ error: "invalid_client", error_codes: [7000229] });
    await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId });
    const { body } = await probe();
    expect(decodeJwt(body.access_token)).not.toHaveProperty("roles");
    const own = await probe({ scope: `${application.appId}/.default` });
    expect(decodeJwt(own.body.access_token).aud).toBe(application.appId);
  });

  test("is refused when its secret has expired, was removed, or the service principal is disabled", async () => {
    const principal = (await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId })).body;
    now = new Date("2026-12-01T00:00:00Z");
    expect((await probe()).body.error_codes).toEqual([7000222]);
    now = new Date("2026-11-01T12:00:00Z");
    await graph("PATCH", `/v1.0/servicePrincipals/${principal.id}`, { accountEnabled: false });
    expect((await probe()).body).toMatchObject({ error: "unauthorized_client", error_codes: [7000112] });
    await graph("POST", `/v1.0/applications/${application.id}/removePassword`, { keyId: secret.keyId });
    expect((await probe()).body.error_codes).toEqual([7000215]);
  });

  test("is unknown after it was deleted", async () => {
    await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId });
    await graph("DELETE", `/v1.0/applications/${application.id}`);
    expect((await probe()).body.error_codes).toEqual([700016]);
  });
});

test("expires a secret of the seed", async () => {
  const principal = { ...contoso.deployer, secretEndDateTime: "2026-10-31T00:00:00Z" };
  twin.reset({ tenants: [{ ...contoso.tenant, principals: [principal] }], accounts: [] });
  expect((await client.token(contoso.tenantId, deployer)).body.error_codes).toEqual([7000222]);
});
