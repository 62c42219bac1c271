import { generateKeyPair, SignJWT } from "jose";
import { contoso, fabrikam, type Twin } from "../../../twin/index";
import type { TwinClient } from "../client";
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

const envelope = (code: string, message: unknown = expect.any(String)) => ({
  error: {
    code,
    message,
    innerError: {
      date: "2026-11-01T12:00:00",
      "request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "client-request-id": expect.any(String),
    },
  },
});

async function tokenOf(principal = contoso.deployer, scope?: string): Promise<string> {
  const fields = { client_id: principal.appId, client_secret: principal.secret, ...(scope ? { scope } : {}) };
  return (await client.token(contoso.tenantId, fields)).body.access_token;
}

const applications = (authorization?: string) =>
  client.send("GET", "/v1.0/applications", { headers: authorization ? { authorization } : {} });

test("refuses calls without a token, whether they are served or not", async () => {
  const answer = await applications();
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual(envelope("InvalidAuthenticationToken", "Access token is empty."));
  expect((await client.send("GET", "/v1.0/users")).status).toBe(401);
});

test("refuses tokens that are expired, not yet valid, forged, garbled or of another audience", async () => {
  const good = await tokenOf();
  expect((await applications(`Bearer ${good}`)).status).toBe(200);
  now = new Date("2026-11-01T13:00:01Z");
  expect((await applications(`Bearer ${good}`)).body.error.message).toMatch(/token is expired/);
  now = new Date("2026-11-01T11:00:00Z");
  expect((await applications(`Bearer ${good}`)).body.error.message).toMatch(/not yet valid/);
  now = new Date("2026-11-01T12:00:00Z");
  const { privateKey } = await generateKeyPair("RS256");
  const forged = await new SignJWT({ tid: contoso.tenantId, roles: ["Application.ReadWrite.All"] })
    .setProtectedHeader({ alg: "RS256" })
    .setAudience(twin.microsoftUrl)
    .setExpirationTime("1h")
    .sign(privateKey);
  expect((await applications(`Bearer ${forged}`)).body.error.message).toBe("Signature is invalid.");
  expect((await applications("Bearer garbled")).body.error.message).toBe("CompactToken parsing failed.");
  const other = await tokenOf(contoso.deployer, `${contoso.administrator.appId}/.default`);
  const refused = await applications(`Bearer ${other}`);
  expect(refused.status).toBe(401);
  expect(refused.body.error.message).toMatch(/Invalid audience/);
});

test("refuses a token that it knows once its key is removed", async () => {
  const authorization = `Bearer ${await tokenOf()}`;
  expect((await applications(authorization)).status).toBe(200);
  await twin.rotateSigningKey();
  expect((await applications(authorization)).status).toBe(200);
  await twin.rotateSigningKey();
  expect((await applications(authorization)).body.error.message).toBe("Signature is invalid.");
});

test("refuses a token of a deleted tenant", async () => {
  const token = await tokenOf();
  twin.reset({ tenants: [fabrikam.tenant], accounts: [] });
  expect((await applications(`Bearer ${token}`)).status).toBe(401);
});

test("separates tenants", async () => {
  const here = await client.graphAs(contoso.tenantId, contoso.deployer);
  const there = await client.graphAs(fabrikam.tenantId, fabrikam.administrator);
  const { body } = await here("POST", "/v1.0/applications", { displayName: "Here" });
  expect((await there("GET", `/v1.0/applications/${body.id}`)).status).toBe(404);
  expect((await there("GET", "/v1.0/applications?$filter=displayName eq 'Here'")).body.value).toEqual([]);
});

test("answers 403 without the required permission", async () => {
  const auditor = await client.graphAs(contoso.tenantId, contoso.auditor);
  expect((await auditor("GET", "/v1.0/applications")).status).toBe(200);
  const denied = await auditor("POST", "/v1.0/applications", { displayName: "Mine" });
  expect(denied.status).toBe(403);
  expect(denied.body).toEqual(
    envelope("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
  );
});

test("lets Application.ReadWrite.OwnedBy read all applications and change owned ones", async () => {
  const administrator = await client.graphAs(contoso.tenantId, contoso.administrator);
  const deployer = await client.graphAs(contoso.tenantId, contoso.deployer);
  const theirs = (await administrator("POST", "/v1.0/applications", { displayName: "Theirs" })).body;
  const principal = (await administrator("POST", "/v1.0/servicePrincipals", { appId: theirs.appId })).body;
  expect((await deployer("GET", `/v1.0/applications/${theirs.id}`)).status).toBe(200);
  for (const [method, path, body] of [
    ["PATCH", `/v1.0/applications/${theirs.id}`, { displayName: "Mine" }],
    ["DELETE", `/v1.0/applications/${theirs.id}`],
    ["POST", `/v1.0/applications/${theirs.id}/addPassword`, {}],
    ["POST", `/v1.0/applications/${theirs.id}/removePassword`, { keyId: theirs.id }],
    ["PATCH", `/v1.0/servicePrincipals/${principal.id}`, { notes: "mine" }],
    ["DELETE", `/v1.0/servicePrincipals/${principal.id}`],
  ] as const) {
    expect([method, path, (await deployer(method, path, body)).status]).toEqual([method, path, 403]);
  }
  await administrator("DELETE", `/v1.0/servicePrincipals/${principal.id}`);
  expect((await deployer("POST", "/v1.0/servicePrincipals", { appId: theirs.appId })).status).toBe(403);
  const mine = (await deployer("POST", "/v1.0/applications", { displayName: "Mine" })).body;
  expect((await deployer("PATCH", `/v1.0/applications/${mine.id}`, { notes: "mine" })).status).toBe(204);
});

test("answers 501 with method and path in Graph's envelope for calls that are not served", async () => {
  const graph = await client.graphAs(contoso.tenantId, contoso.administrator);
  for (const [method, path] of [
    ["GET", "/v1.0/devices"],
    ["GET", "/beta/users"],
    ["GET", "/v1.0/applications/x/owners/$ref"],
    ["POST", "/v1.0/applications/x/owners"],
    ["DELETE", `/v1.0/applications/x/owners/${contoso.tenantId}`],
    ["GET", `/v1.0/applications(appId='${contoso.deployer.appId}')`],
    ["GET", "/v1.0/applications?$expand=owners"],
    ["GET", "/v1.0/applications?$filter=startswith(appId,'a')"],
    ["GET", "/v1.0/applications?$filter=notes eq 'a'"],
    ["GET", "/v1.0/servicePrincipals?$select=nonsense"],
  ] as const) {
    const { status, body } = await graph(method, path);
    expect([path, status]).toEqual([path, 501]);
    const bare = decodeURIComponent(path).replace(/\?.*/, "");
    expect(body).toEqual(envelope("NotImplemented", expect.stringContaining(`${method} ${bare}`)));
  }
});

test("pages applications and service principals", async () => {
  const graph = await client.graphAs(contoso.tenantId, contoso.administrator);
  const names = Array.from({ length: 98 }, (_, index) => `Many ${index}`);
  await Promise.all(names.map((displayName) => graph("POST", "/v1.0/applications", { displayName })));
  expect((await graph("GET", "/v1.0/applications?$filter=displayName eq 'Many 7'")).body.value).toHaveLength(
    1,
  );
  const first = (await graph("GET", "/v1.0/applications?$select=id")).body;
  const second = (await graph("GET", first["@odata.nextLink"].replace(twin.microsoftUrl, ""))).body;
  expect([first.value.length, second.value.length]).toEqual([100, 1]);
  expect(second).not.toHaveProperty("@odata.nextLink");
  const principals = (await graph("GET", "/v1.0/servicePrincipals?$top=3")).body;
  expect(principals.value).toHaveLength(3);
  expect(principals).toHaveProperty(["@odata.nextLink"]);
});

test("repeats the caller's request id in errors", async () => {
  const { body } = await client.send("GET", "/v1.0/applications", {
    headers: { "client-request-id": "mine" },
  });
  expect(body.error.innerError["client-request-id"]).toBe("mine");
});

test("requires a JSON body with its content type", async () => {
  const authorization = `Bearer ${await tokenOf()}`;
  const garbled = await client.send("POST", "/v1.0/applications", {
    body: "{",
    headers: { authorization, "content-type": "application/json" },
  });
  expect(garbled).toMatchObject({
    status: 400,
    body: envelope("BadRequest", expect.stringMatching(/^Unable to read JSON/)),
  });
  const untyped = await client.send("POST", "/v1.0/applications", {
    body: "{}",
    headers: { authorization, "content-type": "text/plain" },
  });
  expect(untyped).toMatchObject({
    status: 400,
    body: envelope("BadRequest", expect.stringMatching(/Content-Type/)),
  });
});
