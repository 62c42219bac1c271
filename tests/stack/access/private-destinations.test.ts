import type { ConfigValues, Stack } from "../../../ops/stacks";
import { contoso } from "../../../twin/index";
import { privateNetworksSeed } from "../../support/access-seed";
import { formatChanges, useEngineFixture } from "../../support/engine-fixture";

const lab = useEngineFixture();
beforeEach(() => lab.twin.reset(privateNetworksSeed));

const account_id = contoso.accountId;
const routed = { routes: "make", tunnelId: contoso.tunnelId };
const access = {
  groups: {
    employees: { include: { entraGroups: ["Employees"] } },
    engineers: { include: { entraGroups: ["Engineers"] } },
  },
  policies: { employees: { include: ["employees"] }, engineers: { include: ["engineers"] } },
  virtualNetworks: { datacenter: { displayName: "Datacenter" } },
  privateRanges: {
    servers: { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", ...routed, precedence: 1000 },
  },
  privateHostnames: { ledger: { hostname: "ledger.corp.contoso.example", ...routed, precedence: 1010 } },
  applications: {
    wiki: { hostnames: ["wiki.contoso.example"], policies: ["employees"] },
    databases: {
      destinations: [
        { range: "servers", cidr: "10.20.30.0/24", ports: 5432, protocol: "tcp" },
        { range: "servers", cidr: "10.20.31.7", ports: "8000-8099" },
      ],
      policies: ["engineers"],
    },
    ledger: {
      hostnames: ["ledger.contoso.example"],
      destinations: [{ hostname: "ledger" }],
      policies: ["employees"],
    },
  },
  deviceEnrolment: { policies: ["employees"] },
};
const buildConfig = (settings: object): ConfigValues => ({
  "entra-access:access": settings,
  "entra-access:protect": false,
});

async function previewChanges(stack: Stack, settings: object): Promise<string[]> {
  await stack.configure(buildConfig(settings));
  return formatChanges((await stack.preview()).changes);
}

test("private destinations are closed except for those of applications, and no change is left", async () => {
  const stack = await lab.stack({ config: buildConfig(access) });
  const created = formatChanges((await stack.up()).changes).filter((line) =>
    /range|hostname|network|enrol/.test(line),
  );
  expect(created).toEqual([
    "create access-device-enrolment",
    "create access-hostname-ledger",
    "create access-hostname-ledger-applications",
    "create access-hostname-ledger-closed",
    "create access-range-servers",
    "create access-range-servers-applications",
    "create access-range-servers-closed",
    "create access-virtual-network-datacenter",
  ]);

  const { zeroTrust } = (await lab.administrator()).cloudflare;
  const [network] = (await zeroTrust.networks.virtualNetworks.list({ account_id, name: "Datacenter" }))
    .result;
  const rules = (await zeroTrust.gateway.rules.list({ account_id })).result;
  const [servers, ledger] = [
    `net.vnet_id == "${network?.id}" and net.dst.ip in {10.20.0.0/16}`,
    'net.sni.host == "ledger.corp.contoso.example"',
  ];
  const known = 'any(access.private_app[*] in {"*"}) and';
  expect(rules.map(({ precedence, action, traffic }) => [precedence, action, traffic])).toEqual([
    [1000, "allow", `${known} ${servers}`],
    [1001, "block", servers],
    [1010, "allow", `${known} ${ledger}`],
    [1011, "block", ledger],
  ]);
  expect(rules.every(({ enabled }) => enabled)).toBe(true);
  const apps = (await zeroTrust.access.applications.list({ account_id })).result;
  const vnet_id = network?.id;
  expect(apps.find(({ name }) => name === "databases")).toMatchObject({
    destinations: [
      { type: "private", cidr: "10.20.30.0/24", port_range: "5432", l4_protocol: "tcp", vnet_id },
      { type: "private", cidr: "10.20.31.7/32", port_range: "8000-8099", vnet_id },
    ],
  });
  expect(apps.find(({ type }) => type === "warp")).toMatchObject({
    domain: "contoso.cloudflareaccess.com/warp",
    allowed_idps: [expect.any(String)],
    policies: [{ name: "employees" }],
  });

  const changed = {
    ...access,
    applications: { wiki: access.applications.wiki },
    privateRanges: {
      lab: { ...access.privateRanges.servers, cidr: "10.30.0.0/16", precedence: 900 },
      ...access.privateRanges,
    },
    privateHostnames: {},
  };
  expect(await previewChanges(stack, changed)).toEqual([
    "create access-range-lab",
    "create access-range-lab-applications",
    "create access-range-lab-closed",
    "delete access-application-databases",
    "delete access-application-ledger",
    "delete access-hostname-ledger",
    "delete access-hostname-ledger-applications",
    "delete access-hostname-ledger-closed",
  ]);
  const renamed = {
    ...access,
    virtualNetworks: { lab: access.virtualNetworks.datacenter },
    privateRanges: { machines: { ...access.privateRanges.servers, virtualNetwork: "lab" } },
    privateHostnames: { books: access.privateHostnames.ledger },
    applications: {
      wiki: access.applications.wiki,
      accounts: {
        ...access.applications.ledger,
        displayName: "ledger",
        destinations: [{ hostname: "books" }],
      },
    },
  };
  expect(await previewChanges(stack, renamed)).toEqual([
    "delete access-application-databases",
    "update access-hostname-books-applications name",
    "update access-hostname-books-closed name",
    "update access-range-machines-applications name",
    "update access-range-machines-closed name",
  ]);

  await stack.configure(buildConfig(access));
  const [route] = (await zeroTrust.networks.routes.list({ account_id })).result;
  const [hostname] = (await zeroTrust.networks.hostnameRoutes.list({ account_id })).result;
  const before = lab.twin.requests.length;
  await stack.destroy();
  const deleted = lab.twin.requests
    .slice(before)
    .filter(({ method }) => method === "DELETE")
    .map(({ path }) => path.split("/").at(-1));
  // A route is deleted before its rules, so that nothing is reachable that is not closed.
  for (const { id, name } of rules) {
    const own = name.startsWith("servers:") ? route : hostname;
    expect(deleted).toContain(own?.id);
    expect(deleted.indexOf(own?.id)).toBeLessThan(deleted.indexOf(id));
  }
  expect((await zeroTrust.gateway.rules.list({ account_id })).result).toEqual([]);
});

test("an existing virtual network, routes and device enrollment stay as they are", async () => {
  const { zeroTrust } = (await lab.administrator()).cloudflare;
  const network = await zeroTrust.networks.virtualNetworks.create({ account_id, name: "By hand" });
  const { tunnelId: tunnel_id } = contoso;
  const route = { account_id, network: "10.20.0.0/16", tunnel_id, virtual_network_id: network.id };
  await zeroTrust.networks.routes.create(route);
  await zeroTrust.access.applications.create({ account_id, type: "warp" });
  const { deviceEnrolment: _byHand, privateHostnames, ...others } = access;
  const { tunnelId: _routed, ...existing } = { ...routed, routes: "existing" };
  const servers = { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", ...existing, precedence: 1000 };
  const stack = await lab.stack({
    config: buildConfig({
      ...others,
      virtualNetworks: { datacenter: { id: network.id } },
      privateRanges: { servers },
      privateHostnames,
    }),
  });
  const created = formatChanges((await stack.up()).changes).filter((line) =>
    /range|network|enrol/.test(line),
  );
  expect(created).toEqual(["create access-range-servers-applications", "create access-range-servers-closed"]);
  expect(formatChanges((await stack.preview()).changes)).toEqual([]);
  await stack.destroy();
  expect((await zeroTrust.networks.routes.list({ account_id })).result).toHaveLength(1);
  const left = (await zeroTrust.access.applications.list({ account_id })).result;
  expect(left.map(({ type }) => type)).toEqual(["warp"]);
});
