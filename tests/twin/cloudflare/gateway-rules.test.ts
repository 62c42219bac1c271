import { contoso, startTwin, type Twin } from "../../../twin/index";
import { type SendCall, TwinClient } from "../client";

let twin: Twin;
let client: TwinClient;
let call: SendCall;
const tokens = contoso.account.tokens.map((token) => ({ ...token, permissions: ["Zero Trust Write"] }));
beforeAll(async () => {
  twin = await startTwin();
  client = new TwinClient(twin);
  call = client.accountAs(contoso.accountId, contoso.tokens.administrator.value);
});
beforeEach(() => twin.reset({ tenants: [contoso.tenant], accounts: [{ ...contoso.account, tokens }] }));
afterAll(async () => {
  await client.close();
  await twin.close();
});

const RULES = "/gateway/rules";
const rule = {
  name: "closed",
  action: "block",
  filters: ["l4"],
  enabled: true,
  traffic: "net.dst.ip in {10.20.0.0/16}",
};
const made = async (body: object) => (await call("POST", RULES, body)).body.result;

test("sorts rules by precedence, which must be unique", async () => {
  await made({ ...rule, name: "last", precedence: 2000 });
  const { id } = await made({ ...rule, name: "first", precedence: 10 });
  const names = async () => (await call("GET", RULES)).body.result.map(({ name }: { name: string }) => name);
  expect(await names()).toEqual(["first", "last"]);
  expect((await call("POST", RULES, { ...rule, precedence: 10 })).status).toBe(409);
  expect((await call("PUT", `${RULES}/${id}`, { ...rule, precedence: 2000 })).status).toBe(409);
  await call("PUT", `${RULES}/${id}`, { ...rule, name: "first", precedence: 3000 });
  expect(await names()).toEqual(["last", "first"]);
});

test("appends a rule without precedence", async () => {
  expect((await made(rule)).precedence).toBe(1000);
  expect((await made(rule)).precedence).toBeGreaterThan(2000);
});

test("accepts the answer of GET in PUT, and counts versions", async () => {
  const { id } = await made({ name: "off", action: "allow", filters: ["l4"], traffic: rule.traffic });
  const { result } = (await call("GET", `${RULES}/${id}`)).body;
  expect(result).toMatchObject({ enabled: false, version: 1, identity: "", precedence: 1000 });
  const same = (await call("PUT", `${RULES}/${id}`, result)).body.result;
  expect(same).toMatchObject({ ...result, version: 2, updated_at: expect.any(String) });
  expect((await call("DELETE", `${RULES}/${id}`)).status).toBe(200);
  expect((await call("GET", `${RULES}/${id}`)).status).toBe(404);
});

test.each([
  ['any(access.private_app[*] in {"*"})', 200],
  ['any(access.private_app[*] in {"*"}) and net.dst.ip in {10.20.0.0/16 fd00::/8}', 200],
  ['net.vnet_id == "c1744f8b-faa1-48a4-9e5c-02ac921467fa" and net.dst.ip in {10.20.0.0/16}', 200],
  ['net.sni.host == "ledger.contoso.internal"', 200],
  ["", 400],
  ["net.dst.ip in {10.20.0.0/33}", 501],
  ["net.dst.port in {22}", 501],
  ["net.dst.ip in {10.20.0.0/16} or net.dst.ip in {10.30.0.0/16}", 501],
  ["not(net.dst.ip in {10.20.0.0/16})", 501],
])("traffic of %s is a %i", async (traffic, status) => {
  expect((await call("POST", RULES, { ...rule, traffic })).status).toBe(status);
});

test.each([
  ["an action of other policies", { action: "isolate" }],
  ["another layer", { filters: ["http"] }],
  ["people", { identity: 'identity.email == "ada@contoso.com"' }],
  ["devices", { device_posture: 'any(device_posture.checks.passed[*] in {"x"})' }],
  ["settings", { rule_settings: { block_page_enabled: true } }],
])("%s is not served", async (_what, more) => {
  expect((await call("POST", RULES, { ...rule, ...more })).status).toBe(501);
});
