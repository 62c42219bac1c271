import { findAccessProblems, good, type Part, parse } from "../support/access-settings";

test("well-formed settings pass, with defaults filled in", () => {
  expect(parse({})).toEqual({
    assignedOnly: false,
    identityProviders: {},
    ownedEntraGroups: {},
    groups: {},
    policies: {},
    virtualNetworks: {},
    privateRanges: {},
    privateHostnames: {},
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
  [
    "one of another type to make",
    "identityProviders",
    { x: { owned: true } },
    "or oneTimePin, or a tenantId: only these two are made here",
  ],
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
  expect(findAccessProblems(part, settings).join("\n")).toContain(message);
});

test("all problems come together, with their places", () => {
  const policies = { x: { include: [] }, y: { include: ["dach"] } };
  expect(findAccessProblems("policies", policies)).toEqual([
    "entra-access:access.policies.x.include: found []; want at least one group, or everyone: true",
    'entra-access:access.policies.y.include.0: found "dach"; want a group of people, because the decision is allow',
  ]);
});
