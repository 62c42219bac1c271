import { type AccessSection, listProblems, parseAccess } from "../support/access-config";

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
const validNetworks = {
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

function listProblemsWith(section: keyof typeof validNetworks, entries: AccessSection): string[] {
  return listProblems({ ...validNetworks, [section]: { ...validNetworks[section], ...entries } });
}

test("valid settings pass; an address becomes a range of one, a port a text", () => {
  const { applications, privateRanges, deviceEnrolment } = parseAccess(validNetworks);
  expect(applications.databases).toMatchObject({
    hostnames: [],
    destinations: [
      { range: "servers", cidr: "10.20.30.0/24", ports: "5432", protocol: "tcp" },
      { range: "servers", cidr: "10.20.31.7/32", ports: "8000-8099" },
    ],
  });
  expect(privateRanges.servers).toEqual(servers);
  expect(deviceEnrolment).toEqual(validNetworks.deviceEnrolment);
  const v6 = { ...servers, cidr: "fd12:3456::/32", precedence: 2000 };
  expect(listProblemsWith("privateRanges", { v6 })).toEqual([]);
  const elsewhere = { ...servers, virtualNetwork: "office", precedence: 2000 };
  expect(listProblemsWith("privateRanges", { elsewhere })).toEqual([]);
});

const destined = (destination: AccessSection) => ({
  x: { destinations: [destination], policies: ["employees"] },
});

test.each<[string, keyof typeof validNetworks, AccessSection, string]>([
  [
    "the whole internet",
    "privateRanges",
    { x: { ...servers, virtualNetwork: "office", cidr: "0.0.0.0/0", precedence: 2000 } },
    "privateRanges.x.cidr must be a private range, /8 at the widest; found",
  ],
  [
    "half the internet",
    "privateRanges",
    { x: { ...servers, virtualNetwork: "office", cidr: "0.0.0.0/1", precedence: 2000 } },
    "must be a private range, /8 at the widest",
  ],
  [
    "a range that begins elsewhere",
    "privateRanges",
    { x: { ...servers, cidr: "10.30.1.0/16", precedence: 2000 } },
    'must be a range such as "10.20.0.0/16" that begins at its first address',
  ],
  [
    "an invalid range",
    "privateRanges",
    { x: { ...servers, cidr: "10.20.0/16", precedence: 2000 } },
    'privateRanges.x.cidr must be a range such as "10.20.0.0/16" that begins at its first address; found "10.20.0/16"',
  ],
  [
    "a range in a range",
    "privateRanges",
    { x: { ...servers, cidr: "10.20.128.0/17", precedence: 2000 } },
    'privateRanges.x.cidr must not overlap the range of "servers", 10.20.0.0/16; found "10.20.128.0/17"',
  ],
  [
    "a precedence that is taken",
    "privateRanges",
    { x: { ...servers, cidr: "10.30.0.0/16", precedence: 1009 } },
    'privateHostnames.ledger.precedence must leave 1009 and 1010 to "x"; found 1010',
  ],
  [
    "a range of an unknown virtual network",
    "privateRanges",
    { x: { ...servers, cidr: "10.30.0.0/16", virtualNetwork: "datacentre", precedence: 2000 } },
    'must be the name of a virtual network; found "datacentre". Did you mean "datacenter"?',
  ],
  [
    "a range without a virtual network",
    "privateRanges",
    { x: { cidr: "10.30.0.0/16", ...routed, precedence: 2000 } },
    "privateRanges.x.virtualNetwork is required: it must be the name of a virtual network",
  ],
  [
    "new routes without a tunnel",
    "privateHostnames",
    { ledger: { ...ledger, routes: "make" } },
    'must have tunnelId with routes "make"',
  ],
  [
    "a tunnel for existing routes",
    "privateHostnames",
    { ledger: { ...ledger, tunnelId } },
    'no tunnelId with routes "existing"',
  ],
  [
    "a virtual network that is both new and existing",
    "virtualNetworks",
    { x: { displayName: "X", id: tunnelId } },
    "must have either id, if it exists, or displayName",
  ],
  [
    "one virtual network by two names",
    "virtualNetworks",
    { x: { displayName: "Datacenter" } },
    'must not be the same virtual network as "datacenter"',
  ],
  [
    "a host name with a wildcard",
    "privateHostnames",
    { ledger: { ...ledger, hostname: "*.corp.contoso.example" } },
    "without wildcards",
  ],
  [
    "a host name that no application uses",
    "privateHostnames",
    { x: { ...ledger, hostname: "x.corp.contoso.example", precedence: 2000 } },
    "must be used by exactly one destination, not 0",
  ],
  [
    "one host name twice",
    "privateHostnames",
    { x: { ...ledger, precedence: 2000 } },
    'must not be the host name of "ledger"',
  ],
  [
    "an application that protects nothing",
    "applications",
    { x: { policies: ["employees"] } },
    "must have hostnames or destinations; it would protect nothing",
  ],
  [
    "an unknown range",
    "applications",
    destined({ range: "server" }),
    'destinations.0.range must be the name of a private range; found "server". Did you mean "servers"?',
  ],
  [
    "a destination without a range or host name",
    "applications",
    destined({ ports: 22 }),
    "must have either range or hostname",
  ],
  [
    "a part of a host name",
    "applications",
    destined({ hostname: "ledger", cidr: "10.20.0.0/24" }),
    "must not have cidr together with hostname",
  ],
  [
    "a destination outside its range",
    "applications",
    destined({ range: "servers", cidr: "10.21.0.0/24" }),
    'destinations.0.cidr must be a part of 10.20.0.0/16, the range that it names; found "10.21.0.0/24"',
  ],
  [
    "the same addresses in two applications",
    "applications",
    destined({ range: "servers", cidr: "10.20.0.0/18", ports: "5000-6000" }),
    'must not overlap a destination of "databases"',
  ],
  [
    "ports that end before they begin",
    "applications",
    destined({ range: "servers", ports: "9-8" }),
    "must be ports from 1 to 65535, the lower one first",
  ],
  [
    "a list of ports",
    "applications",
    destined({ range: "servers", ports: "80,443" }),
    "must be a port or a range of them",
  ],
  [
    "an invalid port",
    "applications",
    destined({ range: "servers", ports: 65_536 }),
    "must be ports from 1 to 65535",
  ],
  [
    "another protocol",
    "applications",
    destined({ range: "servers", protocol: "icmp" }),
    'must be one of "tcp", "udp"',
  ],
  [
    "an unknown setting",
    "applications",
    destined({ range: "servers", port: 22 }),
    "is not a setting. Did you mean",
  ],
  [
    "some ports of a host name",
    "applications",
    { ledger: { destinations: [{ hostname: "ledger", ports: 443 }], policies: ["employees"] } },
    "must not restrict the ports or the protocol of a host name",
  ],
  [
    "bypass of private destinations",
    "applications",
    { databases: { ...databases, policies: ["public"] } },
    "With bypass, everybody could reach the private destinations.",
  ],
  [
    "bypass for devices",
    "deviceEnrolment",
    { policies: ["public"] },
    "With bypass, any device could be enrolled.",
  ],
  [
    "devices denied too late",
    "deviceEnrolment",
    { policies: ["employees", "nobody"] },
    'deviceEnrolment.policies.1 must come before "employees"; found "nobody". Anyone who matches',
  ],
  [
    "an unknown policy for devices",
    "deviceEnrolment",
    { policies: ["employee"] },
    'Did you mean "employees"?',
  ],
])("%s is refused", (_what, part, settings, problem) => {
  expect(listProblemsWith(part, settings).join("\n")).toContain(problem);
});

test("the same addresses are accepted with other ports, another protocol or another range", () => {
  for (const destination of [
    { range: "servers", cidr: "10.20.30.0/24", ports: 22 },
    { range: "servers", cidr: "10.20.30.0/24", ports: 5432, protocol: "udp" },
    { range: "servers", cidr: "10.20.40.0/24" },
  ]) {
    expect(listProblemsWith("applications", destined(destination))).toEqual([]);
  }
  const ports = { destinations: [{ hostname: "ledger", ports: 443 }], acknowledge: ["unprotectedRest"] };
  expect(listProblemsWith("applications", { ledger: { ...ports, policies: ["employees"] } })).toEqual([]);
});

test("all problems are reported at once", () => {
  const wide = { ...servers, virtualNetwork: "office", cidr: "0.0.0.0/0", precedence: 1000 };
  expect(listProblemsWith("privateRanges", { wide })).toHaveLength(2);
});
