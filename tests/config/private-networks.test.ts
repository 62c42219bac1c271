import { parseConfig } from "../../config";

const tunnelId = "c1744f8b-faa1-48a4-9e5c-02ac921467fa";
const routed = { routes: "make", tunnelId };
const servers = { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", ...routed, precedence: 1000 };
const ledger = { hostname: "ledger.corp.contoso.example", routes: "existing", precedence: 1010 };
const databases = {
  destinations: [
    { range: "servers", cidr: "10.20.30.0/24", ports: 5432, protocol: "tcp" },
    { range: "servers", cidr: "10.20.31.7", ports: "8000-8099" },
  ],
  policies: ["employees"],
};
const good = {
  groups: { employees: { include: { entraGroups: ["Employees"] } } },
  policies: {
    employees: { include: ["employees"] },
    nobody: { decision: "deny", include: ["employees"] },
    public: { decision: "bypass", everyone: true, acknowledge: ["bypass", "everyone"] },
  },
  virtualNetworks: {
    datacenter: { displayName: "Datacenter" },
    office: { id: "f70ff985-a4ef-4643-bbbc-4a0ed4fc8415" },
  },
  privateRanges: { servers },
  privateHostnames: { ledger },
  applications: { databases, ledger: { destinations: [{ hostname: "ledger" }], policies: ["employees"] } },
  deviceEnrolment: { policies: ["nobody", "employees"], sessionDuration: "1h" },
};
type Part = Record<string, unknown>;

const parse = (access: unknown) =>
  parseConfig(
    {
      "entra-access:tenantId": "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
      "entra-access:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
      "entra-access:teamName": "contoso",
      "entra-access:access": JSON.stringify(access),
    },
    "entra-access",
  ).access;

/** The problems of the good settings with these in them. */
function problemsOf(part: keyof typeof good, settings: Part): string[] {
  try {
    parse({ ...good, [part]: { ...good[part], ...settings } });
    return [];
  } catch (error) {
    return (error as Error).message.split("\n  ").slice(1);
  }
}

test("well-formed settings pass; an address is a range of one, a port a text", () => {
  const { applications, privateRanges, deviceEnrolment } = parse(good);
  expect(applications.databases).toMatchObject({
    hostnames: [],
    destinations: [
      { range: "servers", cidr: "10.20.30.0/24", ports: "5432", protocol: "tcp" },
      { range: "servers", cidr: "10.20.31.7/32", ports: "8000-8099" },
    ],
  });
  expect(privateRanges.servers).toEqual(servers);
  expect(deviceEnrolment).toEqual(good.deviceEnrolment);
  const v6 = { ...servers, cidr: "fd12:3456::/32", precedence: 2000 };
  expect(problemsOf("privateRanges", { v6 })).toEqual([]);
  const elsewhere = { ...servers, virtualNetwork: "office", precedence: 2000 };
  expect(problemsOf("privateRanges", { elsewhere })).toEqual([]);
});

const destined = (destination: Part) => ({ x: { destinations: [destination], policies: ["employees"] } });

test.each<[string, keyof typeof good, Part, string]>([
  [
    "the whole internet",
    "privateRanges",
    { x: { ...servers, virtualNetwork: "office", cidr: "0.0.0.0/0", precedence: 2000 } },
    "privateRanges.x.cidr: found",
  ],
  [
    "half the internet",
    "privateRanges",
    { x: { ...servers, virtualNetwork: "office", cidr: "0.0.0.0/1", precedence: 2000 } },
    "want a private range, /8 at the widest",
  ],
  [
    "a range that begins elsewhere",
    "privateRanges",
    { x: { ...servers, cidr: "10.30.1.0/16", precedence: 2000 } },
    "that begins at its first address",
  ],
  [
    "what is no range",
    "privateRanges",
    { x: { ...servers, cidr: "10.20.0/16", precedence: 2000 } },
    'privateRanges.x.cidr: found "10.20.0/16"; want a range such as',
  ],
  [
    "a range in a range",
    "privateRanges",
    { x: { ...servers, cidr: "10.20.128.0/17", precedence: 2000 } },
    'privateRanges.x.cidr: found "10.20.128.0/17"; want a range beside that of "servers", 10.20.0.0/16',
  ],
  [
    "a precedence that is taken",
    "privateRanges",
    { x: { ...servers, cidr: "10.30.0.0/16", precedence: 1009 } },
    'privateHostnames.ledger.precedence: found 1010; want a number that leaves 1009 and 1010 to "x"',
  ],
  [
    "a range of no virtual network",
    "privateRanges",
    { x: { ...servers, cidr: "10.30.0.0/16", virtualNetwork: "datacentre", precedence: 2000 } },
    'the name of a virtual network; did you mean "datacenter"?',
  ],
  [
    "a range without a virtual network",
    "privateRanges",
    { x: { cidr: "10.30.0.0/16", ...routed, precedence: 2000 } },
    "privateRanges.x.virtualNetwork: found nothing; want the name of a virtual network",
  ],
  [
    "routes to make into no tunnel",
    "privateHostnames",
    { ledger: { ...ledger, routes: "make" } },
    'want tunnelId with routes: "make"',
  ],
  [
    "a tunnel for routes that exist",
    "privateHostnames",
    { ledger: { ...ledger, tunnelId } },
    'no tunnelId with routes: "existing"',
  ],
  [
    "a virtual network that is made and exists",
    "virtualNetworks",
    { x: { displayName: "X", id: tunnelId } },
    "either id, of one that there is, or displayName",
  ],
  [
    "one virtual network by two names",
    "virtualNetworks",
    { x: { displayName: "Datacenter" } },
    'another one than "datacenter"',
  ],
  [
    "a host name with a wildcard",
    "privateHostnames",
    { ledger: { ...ledger, hostname: "*.corp.contoso.example" } },
    "without wildcards",
  ],
  [
    "a host name that no application names",
    "privateHostnames",
    { x: { ...ledger, hostname: "x.corp.contoso.example", precedence: 2000 } },
    "one destination that names it, not 0",
  ],
  [
    "one host name twice",
    "privateHostnames",
    { x: { ...ledger, precedence: 2000 } },
    '"ledger" has this one',
  ],
  [
    "an application of nothing",
    "applications",
    { x: { policies: ["employees"] } },
    "it would protect nothing",
  ],
  [
    "an unknown range",
    "applications",
    destined({ range: "server" }),
    'destinations.0.range: found "server"; want the name of a private range; did you mean "servers"?',
  ],
  ["a destination of nothing", "applications", destined({ ports: 22 }), "either range or hostname"],
  [
    "a part of a host name",
    "applications",
    destined({ hostname: "ledger", cidr: "10.20.0.0/24" }),
    "no cidr beside hostname",
  ],
  [
    "a destination outside its range",
    "applications",
    destined({ range: "servers", cidr: "10.21.0.0/24" }),
    'destinations.0.cidr: found "10.21.0.0/24"; want a part of 10.20.0.0/16',
  ],
  [
    "the same addresses in two applications",
    "applications",
    destined({ range: "servers", cidr: "10.20.0.0/18", ports: "5000-6000" }),
    'than those of "databases": two applications would protect the same',
  ],
  [
    "ports that end before they begin",
    "applications",
    destined({ range: "servers", ports: "9-8" }),
    "the lower one first",
  ],
  [
    "a list of ports",
    "applications",
    destined({ range: "servers", ports: "80,443" }),
    "a port or a range of them",
  ],
  [
    "a port that is none",
    "applications",
    destined({ range: "servers", ports: 65_536 }),
    "ports from 1 to 65535",
  ],
  [
    "another protocol",
    "applications",
    destined({ range: "servers", protocol: "icmp" }),
    'one of "tcp", "udp"',
  ],
  [
    "an unknown setting",
    "applications",
    destined({ range: "servers", port: 22 }),
    "no such setting; did you mean",
  ],
  [
    "some ports of a host name",
    "applications",
    { ledger: { destinations: [{ hostname: "ledger", ports: 443 }], policies: ["employees"] } },
    'acknowledge: ["unprotectedRest"]: whoever enrolled a device reaches the others',
  ],
  [
    "bypass of private destinations",
    "applications",
    { databases: { ...databases, policies: ["public"] } },
    "bypass would open private destinations",
  ],
  ["bypass for devices", "deviceEnrolment", { policies: ["public"] }, "bypass would let any device in"],
  [
    "devices denied too late",
    "deviceEnrolment",
    { policies: ["employees", "nobody"] },
    'deviceEnrolment.policies.1: found "nobody"; want it before "employees"',
  ],
  ["devices of no policy", "deviceEnrolment", { policies: ["employee"] }, 'did you mean "employees"?'],
])("%s is refused", (_what, part, settings, problem) => {
  expect(problemsOf(part, settings).join("\n")).toContain(problem);
});

test("the same addresses do for other ports, another protocol or another range", () => {
  for (const destination of [
    { range: "servers", cidr: "10.20.30.0/24", ports: 22 },
    { range: "servers", cidr: "10.20.30.0/24", ports: 5432, protocol: "udp" },
    { range: "servers", cidr: "10.20.40.0/24" },
  ]) {
    expect(problemsOf("applications", destined(destination))).toEqual([]);
  }
  const ports = { destinations: [{ hostname: "ledger", ports: 443 }], acknowledge: ["unprotectedRest"] };
  expect(problemsOf("applications", { ledger: { ...ports, policies: ["employees"] } })).toEqual([]);
});

test("all problems come in one go", () => {
  const wide = { ...servers, virtualNetwork: "office", cidr: "0.0.0.0/0", precedence: 1000 };
  expect(problemsOf("privateRanges", { wide })).toHaveLength(2);
});
