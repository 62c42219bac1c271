import { type AccessSection, listProblemsWith, parseAccess, validAccess } from "../support/access-config";

test("valid settings pass, with defaults filled in", () => {
  expect(parseAccess({})).toEqual({
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
  const { groups, policies, applications } = parseAccess(validAccess);
  expect(groups.employees).toEqual({ identityProvider: "entra", include: { entraGroups: ["Employees"] } });
  expect(policies.all).toMatchObject({ decision: "allow", mfa: false, everyone: false, require: [] });
  expect(applications.nobody).toMatchObject({ policies: [], launcher: true });
});

test.each<[string, keyof typeof validAccess, AccessSection, string]>([
  [
    "an unknown setting",
    "groups",
    { x: { include: {}, extra: 1 } },
    "access.groups.x.extra is not a setting",
  ],
  ["a misspelt one", "groups", { x: { include: { entraGroup: ["a"] } } }, 'Did you mean "entraGroups"?'],
  ["a misspelt name", "policies", { x: { include: ["employes"] } }, 'Did you mean "employees"?'],
  [
    "a policy that is not defined",
    "applications",
    { x: { hostnames: ["x.example"], policies: ["y"] } },
    "must be the name of a policy",
  ],
  [
    "a group within itself",
    "groups",
    { a: { include: { groups: ["b"] } }, b: { include: { groups: ["a"] } } },
    "must not contain itself",
  ],
  ["an invalid name", "groups", { "A b": { include: { emails: ["a@b.example"] } } }, "at most 40 letters"],
  [
    "a host with a scheme",
    "applications",
    { x: { hostnames: ["https://x.example"] } },
    "must be a host name with or without a path",
  ],
  [
    "a redirect to a choice",
    "applications",
    { x: { hostnames: ["x.example"], policies: ["two"], redirect: true } },
    "must be the name of a policy",
  ],
  [
    "a second factor that is never required",
    "policies",
    { x: { decision: "deny", include: ["dach"], mfa: true } },
    'must not be set with decision "deny", only with "allow"',
  ],
  [
    "countries that are all required",
    "groups",
    { x: { include: { emails: ["a@b.example"] }, require: { countries: ["DE", "AT"] } } },
    "must have one value",
  ],
  [
    "an unknown identity provider",
    "groups",
    { x: { identityProvider: "okto", include: { emails: ["a@b.example"] } } },
    'Did you mean "okta"?',
  ],
  [
    "an identity provider that is neither existing nor owned",
    "identityProviders",
    { x: {} },
    "must be set, unless owned is true",
  ],
  [
    "one that is both",
    "identityProviders",
    { x: { id: "x", owned: true, oneTimePin: true } },
    "must be false with an id",
  ],
  [
    "an owned one of another type",
    "identityProviders",
    { x: { owned: true } },
    "must be false without oneTimePin or tenantId: the stack creates only these two kinds",
  ],
  [
    "a name for one that has its own",
    "identityProviders",
    { x: { id: "x", displayName: "X" } },
    "must not be set unless owned is true: an existing one has its name",
  ],
  [
    "a second one-time PIN",
    "identityProviders",
    { x: { owned: true, oneTimePin: true }, y: { owned: true, oneTimePin: true } },
    'must be false, because "x" sends the account\'s PINs',
  ],
  [
    "a tenant of a one-time PIN",
    "identityProviders",
    { x: { owned: true, oneTimePin: true, tenantId: "b84d6c12-7e35-4f90-a1c8-52e96f0d3b77" } },
    "must not be set for a one-time PIN, which knows no tenant",
  ],
  [
    "the stack's own name for another",
    "identityProviders",
    { entra: { id: "x" } },
    "must have another name, because this is the stack's own",
  ],
  [
    "Entra groups of no tenant",
    "groups",
    { x: { identityProvider: "okta", include: { entraGroups: ["A"] } } },
    'must not be set, because identity provider "okta" has no tenantId',
  ],
  [
    "an acknowledgement of nothing",
    "policies",
    { x: { include: ["all"], acknowledge: ["bypass"] } },
    'must not contain "bypass", which the policy does not need',
  ],
])("%s is refused", (_what, part, settings, message) => {
  expect(listProblemsWith(part, settings).join("\n")).toContain(message);
});

test("all problems are reported at once, with their paths", () => {
  const policies = { x: { include: [] }, y: { include: ["dach"] } };
  expect(listProblemsWith("policies", policies)).toEqual([
    "entra-access:access.policies.x.include must name at least one group, unless everyone is true; found []",
    'entra-access:access.policies.y.include.0 must be a group of people with decision "allow"; found "dach"',
  ]);
});

test("a client secret in a group with a problem is not shown", () => {
  const entra = { id: "x", clientSecret: "very-secret" };
  const [problem] = listProblemsWith("identityProviders", { entra });
  expect(problem).toContain('found {"id":"x","clientSecret":"[secret]"}');
});
