import { contoso, startTwin, type Twin } from "../../../twin/index";
import { type SendCall, TwinClient } from "../client";

let twin: Twin;
let client: TwinClient;
let call: SendCall;
const tokens = contoso.account.tokens.map((token) => ({
  ...token,
  permissions: ["Cloudflare Tunnel Write"],
}));
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

const made = async (path: string, body: unknown) => {
  const answer = await call("POST", path, body);
  expect(answer.status).toBe(200);
  return answer.body.result;
};
const code = async (...request: [string, string, unknown?]) => {
  const { status, body } = await call(...request);
  return [status, body.errors[0]?.code];
};
const VIRTUAL_NETWORKS = "/teamnet/virtual_networks";
const ROUTES = "/teamnet/routes";
const HOSTNAMES = "/zerotrust/routes/hostname";
const tunnel_id = contoso.tunnelId;
const route = { network: "10.20.0.0/16", tunnel_id };

test("creates routes in the account's default virtual network", async () => {
  const [network] = (await call("GET", VIRTUAL_NETWORKS)).body.result;
  expect(network).toMatchObject({ name: "default", is_default_network: true });
  const { id } = await made(ROUTES, route);
  expect((await call("GET", `${ROUTES}/${id}`)).body.result).toMatchObject({
    ...route,
    comment: "",
    virtual_network_id: network.id,
    virtual_network_name: "default",
    tunnel_name: "datacenter",
    tun_type: "cfd_tunnel",
    deleted_at: null,
  });
  expect(await code("DELETE", `${VIRTUAL_NETWORKS}/${network.id}`)).toEqual([409, 1003]);
});

test("changes the sent settings, and refuses a second route of a range in a virtual network", async () => {
  const other = await made(VIRTUAL_NETWORKS, { name: "Lab", comment: "spare" });
  const { id } = await made(ROUTES, route);
  expect(await code("POST", ROUTES, route)).toEqual([409, 1014]);
  await made(ROUTES, { ...route, virtual_network_id: other.id });
  const renamed = await call("PATCH", `${VIRTUAL_NETWORKS}/${other.id}`, { name: "Laboratory" });
  expect(renamed.body.result).toMatchObject({ name: "Laboratory", comment: "spare" });
  const moved = await call("PATCH", `${ROUTES}/${id}`, { comment: "servers" });
  expect(moved.body.result).toMatchObject({ ...route, comment: "servers" });
  expect(await code("PATCH", `${ROUTES}/${id}`, { virtual_network_id: other.id })).toEqual([409, 1014]);
  expect(await code("DELETE", `${VIRTUAL_NETWORKS}/${other.id}`)).toEqual([409, 1003]);
  const found = async (query: string) => (await call("GET", `${ROUTES}?${query}`)).body.result.length;
  expect(await found("is_deleted=false")).toBe(2);
  expect(await found("is_deleted=true")).toBe(0);
  expect(await found(`virtual_network_id=${other.id}`)).toBe(1);
  expect((await call("DELETE", `${ROUTES}/${id}`)).status).toBe(200);
  expect(await code("DELETE", `${ROUTES}/${id}`)).toEqual([404, 1015]);
});

test("refuses a second route of a host name", async () => {
  const ledger = { hostname: "ledger.contoso.internal", tunnel_id };
  const { id } = await made(HOSTNAMES, ledger);
  expect(await code("POST", HOSTNAMES, ledger)).toEqual([409, 1003]);
  expect((await call("PATCH", `${HOSTNAMES}/${id}`, { comment: "books" })).body.result).toMatchObject({
    ...ledger,
    comment: "books",
    tunnel_name: "datacenter",
  });
  expect((await call("GET", HOSTNAMES)).body.result).toHaveLength(1);
  await call("DELETE", `${HOSTNAMES}/${id}`);
  expect(await code("GET", `${HOSTNAMES}/${id}`)).toEqual([404, 1003]);
});

test("lists and shows tunnels", async () => {
  const [tunnel] = (await call("GET", "/cfd_tunnel")).body.result;
  expect(tunnel).toMatchObject({ id: tunnel_id, name: "datacenter", status: "inactive" });
  expect((await call("GET", `/cfd_tunnel/${tunnel_id}`)).body.result).toEqual(tunnel);
  expect(await code("GET", "/cfd_tunnel/x")).toEqual([404, 1003]);
  expect((await call("POST", "/cfd_tunnel", { name: "new" })).status).toBe(501);
});

test.each<[string, number, string, unknown]>([
  ["a route to nowhere", 400, ROUTES, { ...route, tunnel_id: "x" }],
  ["a route of no range", 400, ROUTES, { tunnel_id }],
  ["a route of what is no range", 400, ROUTES, { ...route, network: "10.20.0.0/40" }],
  ["a route in no virtual network", 400, ROUTES, { ...route, virtual_network_id: "x" }],
  ["a comment of more than 100", 400, ROUTES, { ...route, comment: "x".repeat(101) }],
  ["a field that no route has", 501, ROUTES, { ...route, colour: "blue" }],
  ["a second name of the same", 409, VIRTUAL_NETWORKS, { name: "default" }],
  ["another default", 501, VIRTUAL_NETWORKS, { name: "New", is_default_network: true }],
  ["a host name that is none", 400, HOSTNAMES, { hostname: "10.0.0.1/8", tunnel_id }],
  ["a host name to nowhere", 400, HOSTNAMES, { hostname: "a.internal", tunnel_id: "x" }],
])("%s is refused", async (_what, status, path, body) => {
  expect((await call("POST", path, body)).status).toBe(status);
});

test("refuses a token without the permission", async () => {
  twin.reset();
  for (const path of [VIRTUAL_NETWORKS, ROUTES, HOSTNAMES, "/cfd_tunnel", "/gateway/rules"]) {
    expect(await code("GET", path)).toEqual([403, 10000]);
  }
});
