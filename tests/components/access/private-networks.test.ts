import { ZeroTrustGatewayPolicy } from "@pulumi/cloudflare";
import { PrivateNetworks, type PrivateNetworksArgs } from "../../../components/access/private-networks";
import { accountId, observed, resources, startProgram } from "../../support/mocks";

beforeEach(startProgram);

const tunnelId = "14122f4f-ff89-4165-8dfa-23c6eb296ec1";
const servers = { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", precedence: 1000 };
const ledger = { hostname: "ledger.corp.contoso.example", precedence: 1010 };

async function declare(args: Partial<PrivateNetworksArgs>) {
  const virtualNetworks = { datacenter: { displayName: "Datacenter" } };
  const nothing = { accountId, virtualNetworks, privateRanges: {}, privateHostnames: {} };
  new PrivateNetworks("access", { ...nothing, ...args }, observed);
  return await resources();
}

test("a range is closed by a rule after the one that allows destinations of applications", async () => {
  const all = await declare({ privateRanges: { servers } });
  const traffic = 'net.vnet_id == "access-virtual-network-datacenter-id" and net.dst.ip in {10.20.0.0/16}';
  const rule = { accountId, description: "Made by entra-access", enabled: true, filters: ["l4"] };
  expect(all["access-range-servers-applications"]?.inputs).toEqual({
    ...rule,
    name: "servers: applications",
    action: "allow",
    traffic: `any(access.private_app[*] in {"*"}) and ${traffic}`,
    precedence: 1000,
  });
  expect(all["access-range-servers-closed"]?.inputs).toEqual({
    ...rule,
    name: "servers: closed",
    action: "block",
    traffic,
    precedence: 1001,
  });
});

test("no route is created without a tunnel", async () => {
  const without = await declare({ privateRanges: { servers }, privateHostnames: { ledger } });
  expect(Object.keys(without)).not.toContain("access-range-servers");
  expect(Object.keys(without)).not.toContain("access-hostname-ledger");
});

test("routes are created for a range in its virtual network and for a host name", async () => {
  const all = await declare({
    virtualNetworks: { datacenter: { id: "f70ff985-a4ef-4643-bbbc-4a0ed4fc8415" } },
    privateRanges: { servers: { ...servers, tunnelId } },
    privateHostnames: { ledger: { ...ledger, tunnelId } },
  });
  const route = { accountId, tunnelId, comment: "Made by entra-access" };
  expect(all["access-range-servers"]?.inputs).toEqual({
    ...route,
    network: "10.20.0.0/16",
    virtualNetworkId: "f70ff985-a4ef-4643-bbbc-4a0ed4fc8415",
  });
  expect(all["access-hostname-ledger"]?.inputs).toEqual({ ...route, hostname: ledger.hostname });
  expect(all["access-hostname-ledger-closed"]?.inputs).toMatchObject({
    action: "block",
    traffic: 'net.sni.host == "ledger.corp.contoso.example"',
    precedence: 1011,
  });
  expect(Object.keys(all)).not.toContain("access-virtual-network-datacenter");
});

test("a route depends on the rules that close its traffic", async () => {
  const all = await declare({
    privateRanges: { servers: { ...servers, tunnelId } },
    privateHostnames: { ledger: { ...ledger, tunnelId } },
  });
  for (const name of ["access-range-servers", "access-hostname-ledger"]) {
    const before = all[name]?.opts.dependsOn as ZeroTrustGatewayPolicy[];
    expect(before).toEqual([expect.any(ZeroTrustGatewayPolicy), expect.any(ZeroTrustGatewayPolicy)]);
  }
});

test("a range of an undefined virtual network is refused", () => {
  expect(
    () =>
      new PrivateNetworks(
        "access",
        { accountId, virtualNetworks: {}, privateRanges: { servers }, privateHostnames: {} },
        observed,
      ),
  ).toThrow('virtual network "datacenter" is not defined');
});
