import { contoso, fabrikam } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let client: TwinClient;
let call: SendCall;
/** Ids of what rules refer to. */
let provider: string;
let group: string;

useTwin(
  (ready) => {
    client = ready.client;
    call = client.accessAs(contoso.accountId, contoso.tokens.administrator.value);
  },
  // It stands still: what is read again is the same.
  { now: () => new Date("2026-11-01T12:00:00Z") },
);
beforeEach(async () => {
  const config = { client_id: "id", client_secret: "not-a-real-secret", directory_id: contoso.tenantId };
  provider = await made("/identity_providers", { name: "Entra ID", type: "azureAD", config });
  group = await made("/groups", { name: "Everybody", include: [{ everyone: {} }] });
});

const made = async (path: string, body: unknown): Promise<string> => {
  const answer = await call("POST", path, body);
  expect(answer.status).toBe(201);
  return answer.body.result.id;
};
/** Stands for an id that is known only when the test runs. */
const filled = (body: unknown) =>
  JSON.parse(JSON.stringify(body).replaceAll("{provider}", provider).replaceAll("{group}", group));
const error = async (...request: [string, string, unknown?]) => {
  const { status, body } = await call(...request);
  return [status, body.errors[0]?.code, body.errors[0]?.message];
};
const invalid = (why: unknown) => [400, 12130, why];

const identityProvider = { identity_provider_id: "{provider}" };
const EVERY_RULE = [
  { any_valid_service_token: {} },
  { auth_context: { id: "a", ac_id: "c1", ...identityProvider } },
  { auth_method: { auth_method: "mfa" } },
  { azureAD: { id: "4f0a937c-9524-4e04-9a6a-abe931b756ad", ...identityProvider } },
  { certificate: {} },
  { common_name: { common_name: "laptop" } },
  { email: { email: "ada@contoso.com" } },
  { email_domain: { domain: "contoso.com" } },
  { everyone: {} },
  { geo: { country_code: "PT" } },
  { group: { id: "{group}" } },
  { ip: { ip: "192.0.2.0/24" } },
  { ip: { ip: "2001:db8::/32" } },
  { login_method: { id: "{provider}" } },
];

test("stores and shows all rules of a group", async () => {
  const rules = { include: EVERY_RULE, exclude: [EVERY_RULE[6]], require: [EVERY_RULE[9]] };
  const sent = filled({ name: "All rules", is_default: true, ...rules });
  const id = await made("/groups", sent);
  const { body } = await call("GET", `/groups/${id}`);
  const dates = { created_at: expect.any(String), updated_at: expect.any(String) };
  expect(body.result).toEqual({ id, uid: id, ...sent, ...dates });
  const changed = await call("PUT", `/groups/${id}`, { ...body.result, name: "Renamed", exclude: null });
  expect(changed.body.result).toEqual({
    ...body.result,
    name: "Renamed",
    exclude: [],
    updated_at: expect.any(String),
  });
  expect((await call("PUT", `/groups/${id}`, { ...body.result, uid: "other" })).status).toBe(501);
});

test("shows a policy as sent, with the properties that Access adds", async () => {
  const sent = filled({ name: "Staff", decision: "allow", include: [{ group: { id: "{group}" } }] });
  const id = await made("/policies", sent);
  const { body } = await call("GET", `/policies/${id}`);
  expect(body.result).toMatchObject({
    id,
    uid: id,
    ...sent,
    exclude: [],
    require: [],
    session_duration: null,
    reusable: true,
    app_count: 0,
    approval_required: false,
    isolation_required: false,
  });
  const changed = await call("PUT", `/policies/${id}`, { ...body.result, session_duration: "2h45m" });
  expect(changed.body.result.session_duration).toBe("2h45m");
});

test.each([
  ["no rule to include", { include: [] }, expect.stringContaining("include")],
  ["nothing to include", { include: undefined }, expect.stringContaining("include")],
  ["no name", { name: "" }, expect.stringContaining("name")],
  ["a rule without a type", { include: [{}] }, expect.stringContaining("without a type")],
  ["an unknown group", { include: [{ group: { id: "x" } }] }, expect.stringContaining("group not found")],
  [
    "an unknown identity provider",
    { require: [{ azureAD: { id: "g", identity_provider_id: "x" } }] },
    expect.stringContaining("invalid 'require' configuration: identity provider not found"),
  ],
  ["a login method that is none", { exclude: [{ login_method: { id: "x" } }] }, expect.any(String)],
  ["an address that is none", { include: [{ ip: { ip: "192.0.2.0/33" } }] }, expect.any(String)],
  ["an email without a host", { include: [{ email: { email: "ada" } }] }, expect.any(String)],
  ["a domain with an @", { include: [{ email_domain: { domain: "@contoso.com" } }] }, expect.any(String)],
  ["a country's name", { include: [{ geo: { country_code: "Portugal" } }] }, expect.any(String)],
  ["a rule without its setting", { include: [{ azureAD: { id: "g" } }] }, expect.any(String)],
])("%s is a 400", async (_what, wrong, why) => {
  const body = filled({ name: "Wrong", include: [{ everyone: {} }], ...wrong });
  for (const [path, more] of [["/groups", {}] as const, ["/policies", { decision: "allow" }] as const]) {
    expect(await error("POST", path, { ...body, ...more })).toEqual(invalid(why));
  }
});

test.each([
  [
    "a rule type that refers to what is not there",
    { include: [{ device_posture: { integration_uid: "x" } }] },
  ],
  ["an unknown rule type", { include: [{ moon: {} }] }],
  ["a rule of two types", { include: [{ everyone: {}, certificate: {} }] }],
  ["an unknown setting of a rule", { include: [{ everyone: { really: true } }] }],
  ["an unknown field", { colour: "red" }],
])("%s is a 501", async (_what, body) => {
  const [status, code] = await error("POST", "/groups", {
    name: "Odd",
    include: [{ everyone: {} }],
    ...body,
  });
  expect([status, code]).toEqual([501, 501]);
});

test.each([
  ["an unknown decision", { decision: "maybe" }, 400],
  ["a duration without a unit", { session_duration: "24" }, 400],
  ["who somebody is, in a bypass", { decision: "bypass", include: [EVERY_RULE[6]] }, 400],
  ["who somebody is, for services", { decision: "non_identity", include: [EVERY_RULE[6]] }, 501],
  ["service tokens for people", { include: [{ any_valid_service_token: {} }] }, 400],
  ["isolation", { isolation_required: true }, 501],
  ["approval by nobody", { approval_required: true }, 400],
  ["approval by a list", { approval_groups: [{ approvals_needed: 1, email_list_uuid: "x" }] }, 501],
  [
    "approval by none of them",
    { approval_groups: [{ approvals_needed: 0, email_addresses: ["a@b.example"] }] },
    400,
  ],
  ["a question to who is kept out", { decision: "deny", purpose_justification_required: true }, 501],
  ["isolation", { isolation_required: true }, 501],
])("a policy with %s is refused", async (_what, body, status) => {
  const sent = { name: "Odd", decision: "allow", include: [{ everyone: {} }], ...body };
  expect((await call("POST", "/policies", sent)).status).toBe(status);
});

test("answers 501 for a group that contains itself", async () => {
  const outer = await made("/groups", filled({ name: "Outer", include: [{ group: { id: "{group}" } }] }));
  const middle = await made("/groups", { name: "Middle", include: [{ group: { id: outer } }] });
  for (const id of [group, outer, middle]) {
    const body = { name: "Everybody", include: [{ group: { id } }] };
    expect((await call("PUT", `/groups/${group}`, body)).status).toBe(501);
  }
});

test("refuses to delete objects in use", async () => {
  const azureAD = { id: "g", identity_provider_id: provider };
  const inner = await made("/groups", { name: "Inner", include: [{ azureAD }] });
  const policy = { name: "Policy", decision: "allow", include: [{ group: { id: inner } }] };
  const id = await made("/policies", policy);
  const used = (what: string) => [409, 12132, `access.api.error.conflict: ${what}`];
  expect(await error("DELETE", `/groups/${inner}`)).toEqual(used("group is used by Policy"));
  expect(await error("DELETE", `/identity_providers/${provider}`)).toEqual(
    used("identity provider is used by Inner"),
  );
  for (const path of [`/policies/${id}`, `/groups/${inner}`, `/identity_providers/${provider}`]) {
    expect(await call("DELETE", path)).toMatchObject({ status: 202, body: { success: true } });
  }
});

test("pages lists and finds groups by name", async () => {
  await made("/groups", { name: "Second", include: [{ everyone: {} }] });
  const names = async (query: string) =>
    (await call("GET", `/groups${query}`)).body.result.map(({ name }: { name: string }) => name);
  expect(await names("")).toEqual(["Everybody", "Second"]);
  expect(await names("?per_page=1&page=2")).toEqual(["Second"]);
  expect(await names("?page=2")).toEqual([]);
  expect(await names("?name=Second")).toEqual(["Second"]);
  expect((await call("GET", "/groups?search=x")).status).toBe(501);
  expect((await call("GET", "/policies")).body.result_info).toMatchObject({ total_count: 0 });
});

test("answers 404 for unknown objects, also in other accounts", async () => {
  for (const [path, what] of [
    ["/groups/x", "group"],
    ["/policies/x", "policy"],
    ["/apps/x", "application"],
  ] as const) {
    expect(await error("GET", path)).toEqual([404, 11021, `access.api.error.unknown_${what}`]);
  }
  const there = client.accessAs(fabrikam.accountId, fabrikam.tokens.administrator.value);
  expect((await there("GET", `/groups/${group}`)).status).toBe(404);
});

test("serves only what the token's permissions allow", async () => {
  const status = async (token: { value: string }, ...request: [string, string, unknown?]) =>
    (await client.accessAs(contoso.accountId, token.value)(...request)).status;
  const { deployer, auditor } = contoso.tokens;
  const body = { name: "New", decision: "allow", include: [{ everyone: {} }] };
  expect(await status(deployer, "GET", "/groups")).toBe(200);
  for (const path of ["/policies", "/apps"]) {
    expect(await status(deployer, "GET", path)).toBe(403);
    expect(await status(auditor, "GET", path)).toBe(200);
    expect(await status(auditor, "POST", path, body)).toBe(403);
  }
  expect(await status(auditor, "POST", "/groups", body)).toBe(403);
});

test("an address is stored as a range of one", async () => {
  const rules = { include: [{ ip: { ip: "198.51.100.7" } }, { ip: { ip: "2001:db8::1" } }] };
  const { body } = await call("POST", "/groups", { name: "places", ...rules });
  expect(body.result.include).toEqual([{ ip: { ip: "198.51.100.7/32" } }, { ip: { ip: "2001:db8::1/128" } }]);
});
