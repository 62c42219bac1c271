import { contoso, fabrikam, type Twin } from "../../../twin/index";
import type { SendCall, TwinClient } from "../client";
import { useTwin } from "../twin-fixture";

let twin: Twin;
let client: TwinClient;
useTwin((ready) => {
  ({ twin, client } = ready);
});

const { accountId, tokens } = contoso;
const ana = {
  name: "laptop",
  value: "ana_at_contoso_not_a_real_token".padEnd(40, "0"),
  permissions: [
    ...tokens.administrator.permissions,
    "Cloudflare Tunnel Write",
    "Zero Trust Write",
    "Access: Service Tokens Write",
  ],
  user: "ana@contoso.example",
};
let asAna: SendCall;
let asDeployer: SendCall;
beforeEach(() => {
  twin.reset({
    tenants: [contoso.tenant, fabrikam.tenant],
    accounts: [{ ...contoso.account, tokens: [...contoso.account.tokens, ana] }, fabrikam.account],
  });
  asAna = client.accountAs(accountId, ana.value);
  asDeployer = client.accountAs(accountId, tokens.deployer.value);
});

const ALL = "since=2026-01-01&before=2999-01-01";
const log = (query = ALL, of = contoso) =>
  client.accountAs(of.accountId, of.tokens.auditor.value)("GET", `/logs/audit?${query}`);
const entries = async (query?: string) => (await log(query)).body.result;
const idp = (name: string) => ({
  name,
  type: "azureAD",
  config: { client_id: "id", client_secret: "not-a-real-secret", directory_id: contoso.tenantId },
});

test("logs actor, action, resource, time and request, without secrets", async () => {
  const { id } = (await asAna("POST", "/access/identity_providers", idp("Entra ID"))).body.result;
  const [entry] = await entries();
  expect(entry).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    account: { id: accountId, name: "Contoso" },
    action: {
      description: "create identity providers",
      result: "success",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      type: "create",
    },
    actor: {
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      context: "api_token",
      email: ana.user,
      ip_address: "127.0.0.1",
      token_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      token_name: "laptop",
      type: "user",
    },
    raw: {
      cf_ray_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      method: "POST",
      status_code: 201,
      uri: `/accounts/${accountId}/access/identity_providers`,
      user_agent: expect.any(String),
    },
    resource: { id, product: "access", scope: "accounts", type: "identity_providers" },
  });
  expect(JSON.stringify(twin.snapshot().contents)).toContain("not-a-real-secret");
  expect(JSON.stringify(await entries())).not.toContain("not-a-real-secret");
});

test("names the account as actor for its own token", async () => {
  await asDeployer("POST", "/access/identity_providers", idp("Entra ID"));
  const [{ actor }] = await entries();
  expect(actor).toMatchObject({ id: accountId, type: "account", token_name: "deployer" });
  expect(actor).not.toHaveProperty("email");
});

test("logs all changes, newest first, but no reads and refused calls", async () => {
  const policy = { name: "Staff", decision: "allow", include: [{ email: { email: "ada@contoso.com" } }] };
  const rule = {
    name: "closed",
    action: "block",
    filters: ["l4"],
    enabled: true,
    traffic: "net.dst.ip in {10.20.0.0/16}",
  };
  const made: [path: string, type: string, body: object, change?: "PUT" | "PATCH"][] = [
    ["/access/identity_providers", "access identity_providers", idp("Entra ID"), "PUT"],
    [
      "/access/groups",
      "access groups",
      { name: "G", include: [{ email: { email: "ada@contoso.com" } }] },
      "PUT",
    ],
    ["/access/policies", "access policies", policy, "PUT"],
    ["/access/apps", "access apps", { type: "self_hosted", name: "Wiki", domain: "wiki.contoso.com" }, "PUT"],
    ["/access/service_tokens", "access service_tokens", { name: "job" }, "PUT"],
    ["/access/tags", "access tags", { name: "T" }],
    ["/teamnet/virtual_networks", "teamnet virtual_networks", { name: "Lab" }, "PATCH"],
    ["/teamnet/routes", "teamnet routes", { network: "10.20.0.0/16", tunnel_id: contoso.tunnelId }, "PATCH"],
    [
      "/zerotrust/routes/hostname",
      "zerotrust routes_hostname",
      { hostname: "ledger.contoso.internal", tunnel_id: contoso.tunnelId },
      "PATCH",
    ],
    ["/gateway/rules", "gateway rules", rule, "PUT"],
  ];
  const expected: string[] = [];
  for (const [path, type, body, change] of made) {
    const { status, body: answer } = await asAna("POST", path, body);
    expect([path, status < 300]).toEqual([path, true]);
    const id = answer.result.id ?? answer.result.name;
    expect((await asAna("GET", `${path}/${id}`)).status).toBe(200);
    if (change) expect((await asAna(change, `${path}/${id}`, body)).status).toBe(200);
    expect((await asAna("DELETE", `${path}/${id}`)).status).toBeLessThan(300);
    expect((await asAna("DELETE", `${path}/${id}`)).status).toBe(404);
    for (const action of ["create", ...(change ? ["update"] : []), "delete"])
      expected.unshift(`${action} ${type} ${id}`);
  }
  await asAna("PUT", "/access/organizations", { name: "Renamed" });
  expected.unshift("update access organizations ");
  expect((await asDeployer("POST", "/access/policies", policy)).status).toBe(403);
  const told = (await entries()).map(
    (entry: { action: { type: string }; resource: { product: string; type: string; id: string } }) =>
      [entry.action.type, entry.resource.product, entry.resource.type, entry.resource.id].join(" "),
  );
  expect(told).toEqual(expected);
  expect((await log(ALL, fabrikam)).body.result).toEqual([]);
});

describe("a part of it", () => {
  const names = async (query: string) =>
    (await entries(query)).map(({ resource }: { resource: { id: string } }) => resource.id);
  let ids: string[];
  let times: string[];
  beforeEach(async () => {
    for (const name of ["A", "B", "C"]) {
      await asDeployer("POST", "/access/identity_providers", idp(name));
      twin.clock.advance(3600);
    }
    const all = (await entries()).reverse();
    ids = all.map(({ resource }: { resource: { id: string } }) => resource.id);
    times = all.map(({ action }: { action: { time: string } }) => action.time);
  });

  test("by time", async () => {
    expect(await names(`since=${times[1]}&before=2999-01-01`)).toEqual([ids[2], ids[1]]);
    expect(await names(`since=2026-01-01&before=${times[1]}`)).toEqual([ids[0]]);
    expect(await names("since=2999-01-01&before=2999-01-02")).toEqual([]);
    expect(await names(`${ALL}&direction=asc`)).toEqual(ids);
  });

  test("page by page, until one has no cursor", async () => {
    const first = (await log(`${ALL}&limit=2`)).body;
    expect(first.result_info).toEqual({ count: "2", cursor: expect.any(String) });
    const second = (await log(`${ALL}&limit=2&cursor=${first.result_info.cursor}`)).body;
    expect(second.result.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual([ids[0]]);
    expect(second.result_info).toEqual({ count: "1" });
  });
});

test.each([
  ["before=2999-01-01", 400],
  ["since=2026-01-01", 400],
  ["since=yesterday&before=2999-01-01", 400],
  [`${ALL}&limit=0`, 400],
  [`${ALL}&limit=1001`, 400],
  [`${ALL}&limit=1000`, 200],
  [`${ALL}&direction=up`, 400],
  [`${ALL}&cursor=x`, 400],
  [`${ALL}&page=1`, 501],
  [`${ALL}&resource_id=x`, 501],
])("%s is a %i", async (query, status) => {
  expect((await log(query)).status).toBe(status);
});

test("requires the permission to read the account's settings", async () => {
  const { status, body } = await asDeployer("GET", `/logs/audit?${ALL}`);
  expect([status, body.errors[0].code]).toEqual([403, 10000]);
});

test("verifies a user's token as the user's, not as the account's", async () => {
  const verify = (path: string, token: string) =>
    client.send("GET", `/client/v4${path}/tokens/verify`, { headers: { authorization: `Bearer ${token}` } });
  expect((await verify("/user", ana.value)).body.result.status).toBe("active");
  expect((await verify(`/accounts/${accountId}`, ana.value)).status).toBe(401);
  expect((await verify("/user", tokens.deployer.value)).status).toBe(401);
});
