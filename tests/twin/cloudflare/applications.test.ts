import { contoso } from "../../../twin/index";
import type { SendCall } from "../client";
import { useTwin } from "../twin-fixture";

let call: SendCall;
let provider: string;
let policies: string[];

useTwin(
  ({ client }) => {
    call = client.accessAs(contoso.accountId, contoso.tokens.administrator.value);
  },
  { now: () => new Date("2026-11-01T12:00:00Z") },
);
beforeEach(async () => {
  const config = { client_id: "id", client_secret: "not-a-real-secret", directory_id: contoso.tenantId };
  provider = (await made("/identity_providers", { name: "Entra ID", type: "azureAD", config })).id;
  const policy = { decision: "allow", include: [{ everyone: {} }] };
  const both = ["first", "second"].map((name) => made("/policies", { name, ...policy }));
  policies = (await Promise.all(both)).map(({ id }) => id);
});

const made = async (path: string, body: unknown) => {
  const answer = await call("POST", path, body);
  expect(answer.status).toBe(201);
  return answer.body.result;
};
const ledger = { type: "private", hostname: "ledger.contoso.internal" };
const wiki = { type: "self_hosted", name: "Wiki", domain: "wiki.contoso.com" };
const cors = { allowed_origins: ["https://app.contoso.com"], allowed_methods: ["GET", "PUT"] };
const error = async (...request: [string, string, unknown?]) => {
  const { status, body } = await call(...request);
  return [status, body.errors[0]?.message];
};

test("shows an application as sent, with the properties that Access adds", async () => {
  const sent = {
    ...wiki,
    allowed_idps: [provider],
    auto_redirect_to_identity: true,
    session_duration: "30m",
    custom_deny_url: "https://contoso.com/denied",
    same_site_cookie_attribute: "lax",
  };
  const { policies: shown, ...rest } = await made("/apps", { ...sent, policies: [{ id: policies[0] }] });
  expect(rest).toMatchObject({
    ...sent,
    aud: expect.stringMatching(/^[0-9a-f]{64}$/),
    destinations: [{ type: "public", uri: "wiki.contoso.com" }],
    self_hosted_domains: ["wiki.contoso.com"],
    app_launcher_visible: true,
    http_only_cookie_attribute: true,
    enable_binding_cookie: false,
  });
  expect(shown).toEqual([expect.objectContaining({ id: policies[0], name: "first", precedence: 1 })]);
  expect((await call("GET", `/policies/${policies[0]}`)).body.result.app_count).toBe(1);
});

test("accepts the answer of GET in PUT, and removes omitted settings except the policies", async () => {
  const { id, aud } = await made("/apps", { ...wiki, policies, custom_deny_message: "No" });
  const { result } = (await call("GET", `/apps/${id}`)).body;
  expect((await call("PUT", `/apps/${id}`, result)).body.result).toEqual(result);
  const bare = (await call("PUT", `/apps/${id}`, { ...wiki, name: "Renamed" })).body.result;
  expect(bare).toMatchObject({ id, aud, name: "Renamed", policies: result.policies });
  expect(bare).not.toHaveProperty("custom_deny_message");
  const none = await call("PUT", `/apps/${id}`, { ...wiki, policies: [], logo_url: null });
  expect(none.body.result.policies).toEqual([]);
  expect((await call("PUT", `/apps/${id}`, { ...result, aud: "other" })).status).toBe(501);
  const renamed = [{ ...result.policies[0], name: "Renamed" }];
  expect((await call("PUT", `/apps/${id}`, { ...result, policies: renamed })).status).toBe(501);
});

test("sorts policies by precedence", async () => {
  const [first, second] = policies;
  const order = async (sent: unknown) => {
    const { id, policies } = await made("/apps", { ...wiki, policies: sent });
    await call("DELETE", `/apps/${id}`);
    return policies.map((policy: { name: string; precedence: number }) => [policy.name, policy.precedence]);
  };
  expect(await order([second, first])).toEqual([
    ["second", 1],
    ["first", 2],
  ]);
  expect(
    await order([
      { id: second, precedence: 7 },
      { id: first, precedence: 3 },
    ]),
  ).toEqual([
    ["first", 3],
    ["second", 7],
  ]);
  const same = [first, second].map((id) => ({ id, precedence: 1 }));
  expect(await error("POST", "/apps", { ...wiki, policies: same })).toEqual([
    400,
    "access.api.error.invalid_request: policy precedences must be unique",
  ]);
});

test("refuses a destination of another application", async () => {
  const { id } = await made("/apps", {
    ...wiki,
    destinations: [{ uri: wiki.domain }, { uri: "a.contoso.com" }],
  });
  expect(await error("POST", "/apps", wiki)).toEqual([409, "access.api.error.application_already_exists"]);
  expect(await error("POST", "/apps", { ...wiki, domain: "a.contoso.com" })).toEqual([
    409,
    "access.api.error.conflict: destination belongs to another application",
  ]);
  expect((await call("PUT", `/apps/${id}`, wiki)).status).toBe(200);
  await made("/apps", { ...wiki, domain: "a.contoso.com" });
});

test("finds applications by audience, name and domain", async () => {
  const { aud } = await made("/apps", wiki);
  await made("/apps", { ...wiki, name: "Second", domain: "second.contoso.com" });
  const found = async (query: string) =>
    (await call("GET", `/apps?${query}`)).body.result.map(({ name }: { name: string }) => name);
  expect(await found("")).toEqual(["Wiki", "Second"]);
  expect(await found(`aud=${aud}`)).toEqual(["Wiki"]);
  expect(await found("name=Second&exact=true")).toEqual(["Second"]);
  expect(await found("domain=wiki.contoso.com&exact=true")).toEqual(["Wiki"]);
  expect(await found("name=Second&domain=wiki.contoso.com&exact=true")).toEqual([]);
  expect((await call("GET", "/apps?name=Second")).status).toBe(501);
});

test.each([
  ["no domain", { domain: undefined }],
  ["a domain beside its destinations", { destinations: [{ uri: "a.contoso.com" }] }],
  ["a domain with a scheme", { domain: "https://wiki.contoso.com" }],
  ["a domain with a port", { domain: "wiki.contoso.com:8443" }],
  ["two wildcards in one part", { domain: "a*b*c.contoso.com" }],
  ["an unknown identity provider", { allowed_idps: ["x"] }],
  ["a redirect to one of many", { auto_redirect_to_identity: true }],
  ["an unknown policy", { policies: ["x"] }],
  ["a precedence of nought", { policies: [{ id: "x", precedence: 0 }] }],
  ["an unknown type", { type: "website" }],
  ["a private destination of nothing", { destinations: [{ type: "private", port_range: "443" }] }],
  ["ports that end before they begin", { destinations: [{ ...ledger, port_range: "90-80" }] }],
  ["a list of ports", { destinations: [{ ...ledger, port_range: "80,443" }] }],
  ["another protocol", { destinations: [{ ...ledger, l4_protocol: "icmp" }] }],
  ["a range that is none", { destinations: [{ type: "private", cidr: "10.0.0.0/33" }] }],
  ["an unknown virtual network", { destinations: [{ ...ledger, vnet_id: "x" }] }],
  ["no name", { name: undefined }],
  ["a cookie attribute that is none", { same_site_cookie_attribute: "loose" }],
  ["WARP, which has no session duration", { allow_authenticate_via_warp: true }],
  ["a duration that is none", { session_duration: "a day" }],
  ["a session of more than a month", { session_duration: "731h" }],
  ["CORS without methods", { cors_headers: { allow_all_origins: true } }],
  ["CORS with two answers", { cors_headers: { ...cors, allow_all_origins: true } }],
  ["CORS with an unknown method", { cors_headers: { ...cors, allowed_methods: ["FETCH"] } }],
  [
    "CORS that sends cookies to everybody",
    { cors_headers: { allow_all_origins: true, allow_all_methods: true, allow_credentials: true } },
  ],
])("%s is a 400", async (_what, wrong) => {
  const answer = await call("POST", "/apps", { ...wiki, ...wrong });
  expect([answer.status, answer.body.errors[0].code]).toEqual([400, 12130]);
});

test("keeps the CORS settings until they are cleared", async () => {
  const cors_headers = { ...cors, allow_credentials: true, max_age: 600 };
  const { id, ...application } = await made("/apps", { ...wiki, cors_headers });
  expect(application.cors_headers).toEqual(cors_headers);
  const cleared = (await call("PUT", `/apps/${id}`, { ...wiki, cors_headers: null })).body.result;
  expect(cleared).not.toHaveProperty("cors_headers");
});

test.each([
  ["another type", { type: "saas" }],
  ["a Worker", { destinations: [{ type: "worker", worker_id: "x" }] }],
  ["a wildcard in a private host name", { destinations: [{ ...ledger, hostname: "*.contoso.internal" }] }],
  ["a field that no destination has", { destinations: [{ ...ledger, uri: "a.contoso.com" }] }],
])("%s is a 501", async (_what, body) => {
  expect((await call("POST", "/apps", { ...wiki, ...body })).status).toBe(501);
});

test("has policies of one application alone, until they are made reusable", async () => {
  const own = { name: "own", decision: "allow", include: [{ everyone: {} }] };
  const { id, policies: shown } = await made("/apps", { ...wiki, policies: [own, { id: policies[0] }] });
  expect(shown).toMatchObject([
    { ...own, precedence: 1, reusable: false },
    { id: policies[0], reusable: true },
  ]);
  const added = await made(`/apps/${id}/policies`, { ...own, name: "added" });
  expect(added).toMatchObject({ name: "added", precedence: 3, reusable: false });
  const listed = async (path: string) =>
    (await call("GET", path)).body.result.map(({ name }: { name: string }) => name);
  expect(await listed(`/apps/${id}/policies`)).toEqual(["own", "first", "added"]);
  expect(await listed("/policies")).toEqual(["first", "second"]);
  expect((await call("GET", `/policies/${added.id}`)).status).toBe(404);
  const other = { ...wiki, domain: "other.contoso.com", policies: [added.id] };
  expect((await call("POST", "/apps", other)).status).toBe(400);
  const same = await call("POST", `/apps/${id}/policies`, { ...own, precedence: 3 });
  expect([same.status, (await call("POST", `/apps/x/policies`, own)).status]).toEqual([400, 404]);
  expect((await call("POST", `/apps/${id}/policies`, { ...own, include: [] })).status).toBe(400);

  const convert = (policy: string) => call("PUT", `/apps/${id}/policies/${policy}/make_reusable`, {});
  expect(await convert(added.id)).toMatchObject({ status: 200, body: { result: { reusable: true } } });
  expect(await listed("/policies")).toEqual(["first", "second", "added"]);
  expect((await convert(added.id)).status).toBe(404);
  // A policy of the application goes when it is no longer linked.
  expect((await call("PUT", `/apps/${id}`, { ...wiki, policies: [added.id] })).status).toBe(200);
  expect((await call("PUT", `/apps/${id}`, { ...wiki, policies: [shown[0].id] })).status).toBe(400);
  await call("DELETE", `/apps/${id}`);
  expect(await listed("/policies")).toEqual(["first", "second", "added"]);
});

test("keeps the order of private destinations, converts addresses to ranges, and sets no domain", async () => {
  const destinations = [
    { type: "private", cidr: "10.20.30.7", port_range: "5432", l4_protocol: "tcp" },
    { uri: "wiki.contoso.com" },
    ledger,
  ];
  const { domain: _none, ...named } = wiki;
  const { id, ...application } = await made("/apps", { ...named, destinations });
  const shown = [
    { ...destinations[0], cidr: "10.20.30.7/32" },
    { type: "public", ...destinations[1] },
    ledger,
  ];
  expect(application).toMatchObject({ domain: "wiki.contoso.com", destinations: shown });
  const alone = (await call("PUT", `/apps/${id}`, { ...named, destinations: [ledger] })).body.result;
  expect(alone).toMatchObject({ destinations: [ledger], self_hosted_domains: [] });
  expect(alone).not.toHaveProperty("domain");
  const again = { ...alone, updated_at: expect.any(String) };
  expect((await call("PUT", `/apps/${id}`, alone)).body.result).toEqual(again);
  // Which of the two would be asked is not documented.
  expect((await call("POST", "/apps", { ...named, destinations: [ledger] })).status).toBe(501);
});

test.each([
  ["warp", "Warp Login App", "contoso.cloudflareaccess.com/warp"],
  ["app_launcher", "App Launcher", "contoso.cloudflareaccess.com"],
])("allows one application of type %s, with a fixed name", async (type, name, domain) => {
  const enrolment = { type, allowed_idps: [provider], policies: [policies[0]] };
  const { id, ...shown } = await made("/apps", enrolment);
  expect(shown).toMatchObject({ name, domain });
  expect(shown).not.toHaveProperty("destinations");
  const { result } = (await call("GET", `/apps/${id}`)).body;
  const again = { ...result, updated_at: expect.any(String) };
  expect((await call("PUT", `/apps/${id}`, result)).body.result).toEqual(again);
  expect(await error("POST", "/apps", enrolment)).toEqual([
    409,
    "access.api.error.application_already_exists",
  ]);
  expect((await call("PUT", `/apps/${id}`, { ...enrolment, name: "Ours" })).status).toBe(501);
  expect((await call("PUT", `/apps/${id}`, wiki)).status).toBe(501);
  expect(await error("DELETE", `/policies/${policies[0]}`)).toMatchObject([409, expect.any(String)]);
});

test("refuses to delete policies and identity providers in use by an application", async () => {
  const { id } = await made("/apps", { ...wiki, allowed_idps: [provider], policies });
  for (const path of [`/policies/${policies[1]}`, `/identity_providers/${provider}`]) {
    expect(await error("DELETE", path)).toEqual([
      409,
      expect.stringMatching(/conflict: .* is used by Wiki$/),
    ]);
  }
  expect(await call("DELETE", `/apps/${id}`)).toMatchObject({ status: 202, body: { result: { id } } });
  expect((await call("DELETE", `/policies/${policies[1]}`)).status).toBe(202);
  expect((await call("GET", "/apps")).body).toMatchObject({ result: [], result_info: { total_count: 0 } });
});
