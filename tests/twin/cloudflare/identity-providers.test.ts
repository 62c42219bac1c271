import { contoso, fabrikam, type Twin } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let twin: Twin;
let client: TwinClient;
let call: SendCall;

useTwin(
  (ready) => {
    ({ twin, client } = ready);
    call = client.accessAs(contoso.accountId, contoso.tokens.deployer.value);
  },
  // It stands still: what is read again is the same.
  { now: () => new Date("2026-11-01T12:00:00Z") },
);

const refusal = (code: number, message: unknown = expect.any(String)) => ({
  success: false,
  errors: [expect.objectContaining({ code, message })],
  messages: [],
  result: null,
});

const config = {
  client_id: "5b0d1f6e-2c47-4d0a-9e38-7a61c8f4b210",
  client_secret: "not-a-real-secret",
  directory_id: contoso.tenantId,
  support_groups: true,
  pkce_enabled: true,
};
const scim = {
  enabled: true,
  identity_update_behavior: "automatic",
  user_deprovision: true,
  seat_deprovision: true,
};
const entra = { name: "Entra ID", type: "azureAD", config };
const PATH = "/identity_providers";

const create = async (body: Record<string, unknown> = {}) =>
  (await call("POST", PATH, { ...entra, ...body })).body.result;

describe("the caller", () => {
  const organizations = (headers: Record<string, string>, account = contoso.accountId) =>
    client.send("GET", `/client/v4/accounts/${account}/access/organizations`, { headers });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const { deployer, auditor } = contoso.tokens;

  test.each([
    ["no token", {}, 400, 9106],
    ["a token of no token's form", bearer("short"), 400, 6003],
    ["an unknown token", bearer("x".repeat(40)), 403, 10000],
    ["a token of another account", bearer(fabrikam.tokens.deployer.value), 403, 10000],
  ])("%s is refused", async (_what, headers, status, code) => {
    expect(await organizations(headers as Record<string, string>)).toEqual({ status, body: refusal(code) });
  });

  test("refuses an invalid account id and does not reveal unknown accounts", async () => {
    expect(await organizations(bearer(deployer.value), "x")).toEqual({ status: 404, body: refusal(7003) });
    const unknown = await organizations(bearer(deployer.value), "0".repeat(32));
    expect(unknown).toEqual({ status: 403, body: refusal(10000, "Authentication error") });
  });

  test("can read but not change anything with Read", async () => {
    const { id } = await create();
    const reader = client.accessAs(contoso.accountId, auditor.value);
    expect((await reader("GET", `${PATH}/${id}`)).status).toBe(200);
    for (const [method, path] of [
      ["POST", PATH],
      ["PUT", `${PATH}/${id}`],
      ["DELETE", `${PATH}/${id}`],
    ] as const) {
      expect(await reader(method, path, method === "DELETE" ? undefined : entra)).toEqual({
        status: 403,
        body: refusal(10000, "Authentication error"),
      });
    }
  });

  test("can read nothing with another permission", async () => {
    const tokens = [{ ...deployer, permissions: ["Access: Apps and Policies Write"] }];
    twin.reset({ tenants: [], accounts: [{ ...contoso.account, tokens }] });
    expect((await organizations(bearer(deployer.value))).status).toBe(403);
  });
});

test("shows the team domain in the organization", async () => {
  const { status, body } = await call("GET", "/organizations");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    success: true,
    errors: [],
    messages: [],
    result: { name: "Contoso", auth_domain: "contoso.cloudflareaccess.com" },
  });
});

test("shows an identity provider without client secret and with redirect URL", async () => {
  const { status, body } = await call("POST", PATH, entra);
  expect(status).toBe(201);
  const { client_secret: _secret, ...shown } = config;
  expect(body.result).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    uid: body.result.id,
    type: "azureAD",
    name: "Entra ID",
    version: expect.any(String),
    config: { ...shown, redirect_url: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback" },
    scim_config: {
      enabled: false,
      identity_update_behavior: "no_action",
      user_deprovision: false,
      seat_deprovision: false,
    },
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect((await call("GET", `${PATH}/${body.result.id}`)).body.result).toEqual(body.result);
  expect(JSON.stringify(await call("GET", PATH))).not.toContain(config.client_secret);
});

test("shows the SCIM secret when SCIM is first enabled, and masks it later", async () => {
  const { id } = await create();
  const path = `${PATH}/${id}`;
  const first = (await call("PUT", path, { ...entra, scim_config: scim })).body.result.scim_config;
  expect(first).toEqual({
    ...scim,
    secret: expect.stringMatching(/^scim_[0-9a-f]{48}$/),
    scim_base_url: `https://contoso.cloudflareaccess.com/populations/${id}/scim/v2`,
  });
  const masked = { ...first, secret: "**********************************" };
  expect((await call("GET", path)).body.result.scim_config).toEqual(masked);
  await call("PUT", path, { ...entra, scim_config: { ...scim, enabled: false } });
  expect((await call("PUT", path, { ...entra, scim_config: scim })).body.result.scim_config).toEqual(masked);
});

test("clears a setting with null", async () => {
  const optional = { prompt: "login", claims: ["email"], email_claim_name: "mail" };
  const { id } = await create({ config: { ...config, ...optional } });
  const nothing = { prompt: null, claims: null, email_claim_name: null };
  const put = await call("PUT", `${PATH}/${id}`, { ...entra, config: { ...config, ...nothing } });
  expect(put.status).toBe(200);
  for (const name of Object.keys(optional)) expect(put.body.result.config).not.toHaveProperty(name);
});

test("replaces all settings with PUT, except for an omitted client secret", async () => {
  const { id } = await create({ config: { ...config, prompt: "login", claims: ["email"] } });
  const { client_secret: _secret, ...rest } = config;
  const put = await call("PUT", `${PATH}/${id}`, {
    ...entra,
    name: "Renamed",
    config: { ...rest, support_groups: false },
  });
  expect(put.status).toBe(200);
  expect(put.body.result).toMatchObject({ id, name: "Renamed", config: { support_groups: false } });
  expect(put.body.result.config).not.toHaveProperty("prompt");
  expect(put.body.result.config).not.toHaveProperty("claims");
});

test("accepts the answer of GET in PUT", async () => {
  const { id } = await create({ scim_config: scim });
  const shown = (await call("GET", `${PATH}/${id}`)).body.result;
  const put = await call("PUT", `${PATH}/${id}`, { ...shown, name: "Renamed" });
  expect(put.body.result).toMatchObject({
    name: "Renamed",
    config: shown.config,
    scim_config: shown.scim_config,
  });
  const moved = { ...shown, config: { ...shown.config, redirect_url: "https://x.test/" } };
  expect((await call("PUT", `${PATH}/${id}`, moved)).status).toBe(501);
});

test("masks the client secret if the seed says so", async () => {
  twin.reset({ tenants: [], accounts: [{ ...contoso.account, clientSecretInAnswers: "masked" }] });
  const mask = /^\*{34}$/;
  const { id, config: shown } = await create();
  expect(shown.client_secret).toMatch(mask);
  const { body } = await call("GET", `${PATH}/${id}`);
  expect(body.result.config.client_secret).toMatch(mask);
  expect((await call("GET", PATH)).body.result[0].config.client_secret).toMatch(mask);
  expect((await call("PUT", `${PATH}/${id}`, body.result)).status).toBe(501);
});

test.each([
  ["no name", { name: undefined }],
  ["a name of the wrong type", { name: 1 }],
  ["an unknown type", { type: "entra" }],
  ["no config", { config: undefined }],
  ["no client id", { config: { ...config, client_id: undefined } }],
  ["no client secret", { config: { ...config, client_secret: undefined } }],
  ["an empty client secret", { config: { ...config, client_secret: "" } }],
  ["no directory id", { config: { ...config, directory_id: undefined } }],
  ["a flag of the wrong type", { config: { ...config, support_groups: "yes" } }],
  ["an unknown prompt", { config: { ...config, prompt: "always" } }],
  ["claims that are no list", { config: { ...config, claims: "email" } }],
  ["seats without users", { scim_config: { ...scim, user_deprovision: false } }],
  ["an unknown behavior", { scim_config: { ...scim, identity_update_behavior: "guess" } }],
])("%s is a 400", async (_what, body) => {
  const answer = await call("POST", PATH, { ...entra, ...body });
  expect(answer).toEqual({
    status: 400,
    body: refusal(12130, expect.stringMatching(/^access\.api\.error\.invalid_request: /)),
  });
  expect((await call("GET", PATH)).body.result).toEqual([]);
});

test("answers 400 for a body that is not JSON", async () => {
  const headers = { authorization: `Bearer ${contoso.tokens.deployer.value}` };
  const path = `/client/v4/accounts/${contoso.accountId}/access${PATH}`;
  expect(await client.send("POST", path, { body: "{", headers })).toEqual({
    status: 400,
    body: refusal(12130),
  });
});

test("refuses to change the type of an identity provider", async () => {
  const { id } = await create();
  expect((await call("PUT", `${PATH}/${id}`, { ...entra, type: "oidc" })).status).toBe(400);
});

test.each([
  ["another type", "POST", PATH, { ...entra, type: "github" }],
  ["an unknown setting", "POST", PATH, { ...entra, config: { ...config, azure_cloud: "default" } }],
  ["an unknown field", "POST", PATH, { ...entra, colour: "red" }],
  ["an unknown filter", "GET", `${PATH}?name=x`, undefined],
  ["another resource", "GET", "/certificates", undefined],
] as const)(
  "%s: what the twin cannot judge is a 501 with method and path",
  async (_what, method, path, body) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(501);
    const bare = `/client/v4/accounts/${contoso.accountId}/access${path.replace(/\?.*/, "")}`;
    expect(answer.body).toEqual(refusal(501, expect.stringContaining(`${method} ${bare}`)));
  },
);

test("answers 404 for an unknown identity provider", async () => {
  const path = `${PATH}/11111111-2222-4333-8444-555555555555`;
  for (const [method, body] of [["GET"], ["PUT", entra], ["DELETE"]] as const) {
    expect(await call(method, path, body)).toEqual({
      status: 404,
      body: refusal(11021, "access.api.error.unknown_identity_provider"),
    });
  }
});

test("deletes an identity provider", async () => {
  const { id } = await create();
  const deleted = await call("DELETE", `${PATH}/${id}`);
  expect(deleted).toMatchObject({ status: 202, body: { success: true, result: { id } } });
  expect((await call("GET", `${PATH}/${id}`)).status).toBe(404);
});

test("pages lists, which are empty past the end", async () => {
  for (const name of ["a", "b", "c"]) await create({ name });
  const page = async (query: string) => {
    const { body } = await call("GET", `${PATH}${query}`);
    return [body.result.map((p: { name: string }) => p.name), body.result_info];
  };
  const info = { page: 1, per_page: 25, count: 3, total_count: 3, total_pages: 1 };
  expect(await page("")).toEqual([["a", "b", "c"], info]);
  expect(await page("?page=2")).toEqual([[], { ...info, page: 2, count: 0 }]);
  expect(await page("?page=2&per_page=2")).toEqual([
    ["c"],
    { ...info, page: 2, per_page: 2, count: 1, total_pages: 2 },
  ]);
  expect((await call("GET", `${PATH}?page=0`)).status).toBe(400);
  expect((await call("GET", `${PATH}?per_page=x`)).status).toBe(400);
});

test("filters lists by SCIM", async () => {
  await create({ name: "with", scim_config: scim });
  await create({ name: "without" });
  const names = async (value: string) =>
    (await call("GET", `${PATH}?scim_enabled=${value}`)).body.result.map((p: { name: string }) => p.name);
  expect([await names("true"), await names("false")]).toEqual([["with"], ["without"]]);
  expect((await call("GET", `${PATH}?scim_enabled=maybe`)).status).toBe(400);
});

test("separates accounts", async () => {
  await create();
  const there = client.accessAs(fabrikam.accountId, fabrikam.tokens.deployer.value);
  expect((await there("GET", PATH)).body.result).toEqual([]);
  expect((await there("GET", "/organizations")).body.result.auth_domain).toBe(
    "fabrikam.cloudflareaccess.com",
  );
});
