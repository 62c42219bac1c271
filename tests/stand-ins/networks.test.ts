import type { StandIn } from "../../stand-ins/bridge/stand-in";
import type { CloudflareApi } from "../../stand-ins/cloudflare/api";
import { contoso } from "../../twin/index";
import {
  connectStandIn,
  createResource,
  type StandInFixture,
  startStandInFixture,
  urn,
} from "./stand-in-fixture";

type Values = Record<string, unknown>;
const { accountId, tunnelId } = contoso;
const AT = `/client/v4/accounts/${accountId}`;
const ROUTE = "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute";
const NETWORK =
  "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork";
const HOSTNAME = "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute";
const RULE = "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy";
const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
let lab: StandInFixture;
let standIn: StandIn<CloudflareApi>;
beforeAll(async () => {
  lab = await startStandInFixture();
});
beforeEach(async () => {
  const { account, tenant } = contoso;
  const permissions = ["Cloudflare Tunnel Write", "Zero Trust Write", "Access: Apps and Policies Write"];
  const tokens = account.tokens.map((token) => ({ ...token, permissions }));
  lab.twin.reset({ tenants: [tenant], accounts: [{ ...account, tokens }] });
  lab.wire.sent.length = 0;
  standIn = await connectStandIn(lab);
});
afterAll(() => lab.close());

const rule = {
  accountId,
  name: "closed",
  action: "block",
  filters: ["l4"],
  enabled: true,
  precedence: 1000,
  traffic: "net.dst.ip in {10.20.0.0/16}",
};
const KINDS: [what: string, type: string, values: Values, changed: Values, sent: object][] = [
  [
    "route",
    ROUTE,
    { accountId, network: "10.20.0.0/16", tunnelId },
    { comment: "servers" },
    { method: "PATCH", body: { comment: "servers" } },
  ],
  [
    "virtual network",
    NETWORK,
    { accountId, name: "Lab" },
    { name: "Laboratory" },
    { method: "PATCH", body: { name: "Laboratory" } },
  ],
  [
    "host name's route",
    HOSTNAME,
    { accountId, hostname: "ledger.contoso.internal", tunnelId },
    { hostname: "books.contoso.internal" },
    { method: "PATCH", body: { hostname: "books.contoso.internal" } },
  ],
  [
    "rule of Gateway",
    RULE,
    rule,
    { enabled: false },
    { method: "PUT", body: { name: "closed", enabled: false, identity: "", device_posture: "" } },
  ],
];

describe.each(KINDS)("a %s", (_what, type, values, more, wanted) => {
  test("is created in one call, and ignores values that the API adds", async () => {
    const made = await createResource(standIn, type, values);
    expect(lab.wire.sent).toMatchObject([{ method: "POST", status: 200 }]);
    expect((await standIn.read(urn(type), made.id, made.outputs, made.inputs))?.outputs).toEqual(
      made.outputs,
    );
    expect((await standIn.diff(urn(type), made.outputs, made.inputs)).size).toBe(0);
  });

  test("is updated in place", async () => {
    const made = await createResource(standIn, type, values);
    const { inputs } = standIn.check(urn(type), { ...values, ...more }, made.inputs);
    const changes = await standIn.diff(urn(type), made.outputs, inputs);
    expect([...changes.values()].map(({ replace }) => replace)).toEqual([false]);
    lab.wire.sent.length = 0;
    const outputs = await standIn.update(urn(type), made.id, made.outputs, inputs, false);
    expect(lab.wire.sent).toMatchObject([wanted]);
    expect((await standIn.diff(urn(type), outputs, inputs)).size).toBe(0);
  });

  test("is replaced when its account changes", async () => {
    const made = await createResource(standIn, type, values);
    const { inputs } = standIn.check(urn(type), { ...values, accountId: "0".repeat(32) }, made.inputs);
    expect((await standIn.diff(urn(type), made.outputs, inputs)).get("accountId")?.replace).toBe(true);
  });

  test("is imported by account id and id, and detects deletion", async () => {
    const made = await createResource(standIn, type, values);
    const imported = await standIn.read(urn(type), `${accountId}/${made.id}`, {}, {});
    expect(imported?.inputs).toMatchObject(values);
    await expect(standIn.read(urn(type), made.id, {}, {})).rejects.toThrow('"<account_id>/<');
    await standIn.delete(urn(type), made.id, made.outputs);
    expect(await standIn.read(urn(type), made.id, made.outputs, made.inputs)).toBeUndefined();
  });
});

test.each([
  ["a route without a tunnel", ROUTE, { network: "10.0.0.0/8" }, "Missing required property 'tunnelId'"],
  ["a virtual network without a name", NETWORK, {}, "Missing required property 'name'"],
  [
    "the older word for the default",
    NETWORK,
    { name: "x", isDefault: true },
    "does not support this property",
  ],
  ["a rule without an action", RULE, { name: "x" }, "Missing required property 'action'"],
  ["an unknown action", RULE, { name: "x", action: "drop" }, "action value must be one of"],
  ["a layer that is none", RULE, { ...rule, filters: ["l7"] }, "value must be one of"],
  ["settings of other rules", RULE, { ...rule, ruleSettings: {} }, "does not support this property"],
  [
    "cookies where devices enrol",
    APPLICATION,
    { type: "warp", pathCookieAttribute: true },
    'pathCookieAttribute can only be set if "type" is one of: "self_hosted"',
  ],
])("refuses %s before any call", (_what, type, values, reason) => {
  const { failures } = standIn.check(urn(type), { accountId, ...values });
  expect(failures.join("\n")).toContain(reason);
  expect(lab.wire.calls()).toEqual([]);
});

test("refuses settings of other applications in the one for device enrollment", async () => {
  const made = await createResource(standIn, APPLICATION, {
    accountId,
    type: "warp",
    name: "Warp Login App",
    policies: [],
  });
  expect(lab.wire.sent[0]?.body).toEqual({
    type: "warp",
    name: "Warp Login App",
    policies: [],
    session_duration: "24h",
  });
  expect(made.outputs).toMatchObject({ domain: "contoso.cloudflareaccess.com/warp" });
  const found = await standIn.read(urn(APPLICATION), made.id, made.outputs, made.inputs);
  expect((await standIn.diff(urn(APPLICATION), found?.outputs ?? {}, made.inputs)).size).toBe(0);
});

test("sends private destinations in one call, and ignores the missing domain", async () => {
  const destinations = [{ type: "private", cidr: "10.20.30.0/24", portRange: "443", l4Protocol: "tcp" }];
  const made = await createResource(standIn, APPLICATION, {
    accountId,
    type: "self_hosted",
    name: "Servers",
    destinations,
  });
  expect(lab.wire.sent).toMatchObject([
    {
      path: `${AT}/access/apps`,
      body: { destinations: [{ cidr: "10.20.30.0/24", port_range: "443", l4_protocol: "tcp" }] },
    },
  ]);
  const found = await standIn.read(urn(APPLICATION), made.id, made.outputs, made.inputs);
  expect((await standIn.diff(urn(APPLICATION), found?.outputs ?? {}, made.inputs)).size).toBe(0);
});

describe("the functions that list", () => {
  const invoke = async (kind: string, args: Values = {}) => {
    const list = `cloudflare:index/getZeroTrust${kind}:getZeroTrust${kind}`;
    lab.wire.sent.length = 0;
    const { outputs } = await standIn.invoke(list, { accountId, ...args });
    return outputs.results as Values[];
  };

  test.each([
    ["TunnelCloudflaredRoutes", ROUTE, { network: "10.20.0.0/16", tunnelId }, { isDeleted: false }],
    ["TunnelCloudflaredVirtualNetworks", NETWORK, { name: "Lab" }, { isDeleted: false }],
    [
      "NetworkHostnameRoutes",
      HOSTNAME,
      { hostname: "ledger.contoso.internal", tunnelId },
      { isDeleted: false },
    ],
    ["GatewayPolicies", RULE, rule, {}],
    ["AccessApplications", APPLICATION, { type: "self_hosted", name: "x", domain: "x.example" }, {}],
  ])("%s return the properties of the resource", async (kind, type, values, args) => {
    const { id } = await createResource(standIn, type, { accountId, ...values });
    const { accountId: _account, ...shown }: Values = values;
    expect(await invoke(kind, args)).toContainEqual(expect.objectContaining({ ...shown, id }));
  });

  test("ask for pages until one is empty, like the plugin, but only where the API has pages", async () => {
    await createResource(standIn, RULE, rule);
    await invoke("GatewayPolicies");
    expect(lab.wire.calls()).toHaveLength(1);
    await createResource(standIn, HOSTNAME, { accountId, hostname: "a.internal", tunnelId });
    await invoke("NetworkHostnameRoutes");
    const path = `${AT}/zerotrust/routes/hostname`;
    expect(lab.wire.calls()).toEqual([`GET ${path}`, `GET ${path}?page=2`]);
  });

  test("pass on a refusal", async () => {
    await expect(invoke("AccessIdentityProviders")).rejects.toThrow("403 Forbidden");
  });
});

test("a list has as many objects as it is asked for, a thousand by default", async () => {
  const token =
    "cloudflare:index/getZeroTrustTunnelCloudflaredVirtualNetworks:getZeroTrustTunnelCloudflaredVirtualNetworks";
  for (const name of ["Lab", "Workshop"]) await createResource(standIn, NETWORK, { accountId, name });
  const count = async (args: object) =>
    ((await standIn.invoke(token, { accountId, ...args })).outputs.results as unknown[]).length;
  const all = await count({});
  expect(all).toBeGreaterThanOrEqual(2);
  expect([await count({ maxItems: 1 }), await count({ maxItems: 1_000_000 })]).toEqual([1, all]);
});
