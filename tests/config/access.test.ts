import { parseConfig } from "../../config";

const good = {
  identityProviders: {
    okta: { id: "okta-id" },
    emergency: { id: "pin-id", oneTimePin: true },
    fabrikam: { id: "fabrikam-id", tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77" },
  },
  groups: {
    employees: { include: { entraGroups: ["Employees"] } },
    partners: { include: { emails: ["eve@partner.example"], emailDomains: ["contoso.example"] } },
    fabrikam: { identityProvider: "fabrikam", include: { entraGroups: ["Engineers"] } },
    breakGlass: { identityProvider: "emergency", include: { emails: ["root@contoso.example"] } },
    all: { include: { groups: ["employees", "partners"] } },
    dach: { include: { countries: ["DE", "AT"], ipRanges: ["198.51.100.0/24"] } },
    backup: { include: { serviceTokens: ["f174e90a-fafe-4643-bbbc-4a0ed4fc8415"] } },
  },
  policies: {
    employees: { include: ["employees"], require: ["dach"] },
    all: { include: ["all"] },
    strangers: { decision: "deny", include: ["dach"] },
    backup: { decision: "service_auth", include: ["backup"] },
    public: { decision: "bypass", everyone: true, acknowledge: ["bypass", "everyone"] },
    anybody: { everyone: true, acknowledge: ["everyone"] },
  },
  applications: {
    wiki: { hostnames: ["wiki.contoso.example"], policies: ["strangers", "employees", "backup"] },
    assets: { hostnames: ["wiki.contoso.example/assets"], policies: ["public"] },
    nobody: { hostnames: ["*.nobody.contoso.example"] },
  },
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

test("well-formed settings pass, with defaults filled in", () => {
  expect(parse({})).toEqual({
    assignedOnly: false,
    identityProviders: {},
    ownedEntraGroups: {},
    groups: {},
    policies: {},
    applications: {},
  });
  const { groups, policies, applications } = parse(good);
  expect(groups.employees).toEqual({ identityProvider: "entra", include: { entraGroups: ["Employees"] } });
  expect(policies.all).toMatchObject({ decision: "allow", mfa: false, everyone: false, require: [] });
  expect(applications.nobody).toMatchObject({ policies: [], launcher: true });
});

test.each<[string, keyof typeof good, Part, string]>([
  [
    "an unknown setting",
    "groups",
    { x: { include: {}, extra: 1 } },
    "access.groups.x.extra: no such setting",
  ],
  ["a misspelt one", "groups", { x: { include: { entraGroup: ["a"] } } }, 'did you mean "entraGroups"?'],
  ["a misspelt name", "policies", { x: { include: ["employes"] } }, 'did you mean "employees"?'],
  [
    "a policy of no name",
    "applications",
    { x: { hostnames: ["x.example"], policies: ["y"] } },
    "the name of a policy",
  ],
  [
    "a group within itself",
    "groups",
    { a: { include: { groups: ["b"] } }, b: { include: { groups: ["a"] } } },
    "not within itself",
  ],
  [
    "a name that is none",
    "groups",
    { "A b": { include: { emails: ["a@b.example"] } } },
    "at most 40 letters",
  ],
  [
    "a host with a scheme",
    "applications",
    { x: { hostnames: ["https://x.example"] } },
    "a host name, with a path",
  ],
  [
    "a redirect to a choice",
    "applications",
    { x: { hostnames: ["x.example"], policies: ["two"], redirect: true } },
    "the name of a policy",
  ],
  [
    "a second factor that nobody asks",
    "policies",
    { x: { decision: "deny", include: ["dach"], mfa: true } },
    "only allow asks",
  ],
  [
    "countries that are all required",
    "groups",
    { x: { include: { emails: ["a@b.example"] }, require: { countries: ["DE", "AT"] } } },
    "all are required",
  ],
  [
    "an unknown identity provider",
    "groups",
    { x: { identityProvider: "okto", include: { emails: ["a@b.example"] } } },
    'did you mean "okta"?',
  ],
  ["an identity provider that is neither there nor made", "identityProviders", { x: {} }, "its id, or owned"],
  [
    "one that is both",
    "identityProviders",
    { x: { id: "x", owned: true, oneTimePin: true } },
    "made or there already",
  ],
  ["one of another type to make", "identityProviders", { x: { owned: true } }, "only a one-time PIN is made"],
  [
    "a name for one that has its own",
    "identityProviders",
    { x: { id: "x", displayName: "X" } },
    "it has its name",
  ],
  [
    "a second one-time PIN",
    "identityProviders",
    { x: { owned: true, oneTimePin: true }, y: { owned: true, oneTimePin: true } },
    '"x" sends the PINs',
  ],
  [
    "a tenant of a one-time PIN",
    "identityProviders",
    { x: { owned: true, oneTimePin: true, tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77" } },
    "knows no tenant",
  ],
  ["the stack's own name for another", "identityProviders", { entra: { id: "x" } }, "the stack's own"],
  [
    "Entra groups of no tenant",
    "groups",
    { x: { identityProvider: "okta", include: { entraGroups: ["A"] } } },
    "has no tenantId",
  ],
  [
    "an acknowledgement of nothing",
    "policies",
    { x: { include: ["all"], acknowledge: ["bypass"] } },
    "does not need",
  ],
])("%s is refused", (_what, part, settings, message) => {
  expect(problemsOf(part, settings).join("\n")).toContain(message);
});

test("all problems come together, with their places", () => {
  const policies = { x: { include: [] }, y: { include: ["dach"] } };
  expect(problemsOf("policies", policies)).toEqual([
    "entra-access:access.policies.x.include: found []; want at least one group, or everyone: true",
    'entra-access:access.policies.y.include.0: found "dach"; want a group of people, because the decision is allow',
  ]);
});

// What opens doors in other people's setups; what is closed by default is in tests/components and tests/stack.
describe("an open door", () => {
  test.each<[string, keyof typeof good, Part, string]>([
    [
      "a PIN for a whole domain",
      "groups",
      { x: { identityProvider: "emergency", include: { emailDomains: ["contoso.example"] } } },
      "for people who are named",
    ],
    ["a group without rules", "groups", { x: { include: {} } }, "at least one rule"],
    ["a policy that includes nobody", "policies", { x: {} }, "at least one group"],
    [
      "deny after allow",
      "applications",
      { x: { hostnames: ["x.example"], policies: ["employees", "strangers"] } },
      'it before "employees"',
    ],
    ["bypass, unsaid", "policies", { x: { decision: "bypass", include: ["dach"] } }, '"bypass" in it'],
    [
      "bypass of a whole host",
      "applications",
      { x: { hostnames: ["x.example"], policies: ["public"] } },
      'the path that "public" is meant for',
    ],
    [
      "bypass beside other policies",
      "applications",
      { x: { hostnames: ["wiki.contoso.example/x"], policies: ["employees", "public"] } },
      "alone, in an application of its own",
    ],
    ["everyone, unsaid", "policies", { x: { everyone: true } }, '"everyone" in it'],
    [
      "everyone in a group, and so in groups of it",
      "groups",
      { x: { include: { everyone: true } } },
      "no such setting",
    ],
    [
      "a country beside people",
      "groups",
      { x: { include: { entraGroups: ["Employees"], countries: ["DE"] } } },
      "one sort of rules",
    ],
    [
      "a country beside people, through groups",
      "groups",
      { x: { include: { groups: ["employees", "dach"] } } },
      "one sort of rules",
    ],
    ["a place in the place of people", "policies", { x: { include: ["dach"] } }, "a group of people"],
    [
      "service auth for people",
      "policies",
      { x: { decision: "service_auth", include: ["all"] } },
      "a group of services",
    ],
    [
      "a domain where anybody has an address",
      "groups",
      { x: { include: { emailDomains: ["gmail.com"] } } },
      "a domain of your own",
    ],
    [
      "a path of a host that nothing protects",
      "applications",
      { x: { hostnames: ["x.example/admin"], policies: ["all"] } },
      "beside the path nothing is protected",
    ],
    [
      "a host of two applications",
      "applications",
      { x: { hostnames: ["wiki.contoso.example"] } },
      '"wiki" has this one',
    ],
    [
      "credentials for every origin",
      "applications",
      { x: { hostnames: ["x.example"], cors: { origins: "all", methods: ["GET"], credentials: true } } },
      "a list of origins",
    ],
  ])("%s is refused", (_what, part, settings, message) => {
    expect(problemsOf(part, settings).join("\n")).toContain(message);
  });

  test("of a path is passed where it is said to be meant", () => {
    const x = { hostnames: ["x.example/admin"], policies: ["all"], acknowledge: ["unprotectedRest"] };
    expect(problemsOf("applications", { x })).toEqual([]);
  });
});
