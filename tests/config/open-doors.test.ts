import { findAccessProblems, type good, type Part } from "../support/access-settings";

/** Mistakes that open doors in other people's setups. What is closed by default: tests/components/access.test.ts. */
describe("an open door", () => {
  test.each<[string, keyof typeof good, Part, string]>([
    [
      "a PIN for a whole domain",
      "groups",
      { x: { identityProvider: "emergency", include: { emailDomains: ["contoso.example"] } } },
      "for people who are named",
    ],
    [
      "a PIN for a tenant's groups",
      "groups",
      { x: { identityProvider: "emergency", include: { entraGroups: ["Employees"] } } },
      "has no tenantId",
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
      "bypass of everything below a host",
      "applications",
      { x: { hostnames: ["x.example/*"], policies: ["public"] } },
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
    expect(findAccessProblems(part, settings).join("\n")).toContain(message);
  });

  test("of a path is passed where it is said to be meant", () => {
    const x = { hostnames: ["x.example/admin"], policies: ["all"], acknowledge: ["unprotectedRest"] };
    expect(findAccessProblems("applications", { x })).toEqual([]);
  });
});
