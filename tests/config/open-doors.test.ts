import { type AccessSection, listProblemsWith, type validAccess } from "../support/access-config";

/** Common mistakes that open doors. tests/components/access/access.test.ts covers the doors that are closed by default. */
describe("an open door", () => {
  test.each<[string, keyof typeof validAccess, AccessSection, string]>([
    [
      "a PIN for a whole domain",
      "groups",
      { x: { identityProvider: "emergency", include: { emailDomains: ["contoso.example"] } } },
      "must not be set, because a one-time PIN is for people who are named",
    ],
    [
      "a PIN for a tenant's groups",
      "groups",
      { x: { identityProvider: "emergency", include: { entraGroups: ["Employees"] } } },
      'must not be set, because identity provider "emergency" has no tenantId',
    ],
    ["a group without rules", "groups", { x: { include: {} } }, "must have at least one rule"],
    ["a policy that includes nobody", "policies", { x: {} }, "must name at least one group"],
    [
      "deny after allow",
      "applications",
      { x: { hostnames: ["x.example"], policies: ["employees", "strangers"] } },
      'must come before "employees"',
    ],
    [
      "an unacknowledged bypass",
      "policies",
      { x: { decision: "bypass", include: ["dach"] } },
      'must contain "bypass"',
    ],
    [
      "bypass of a whole host",
      "applications",
      { x: { hostnames: ["x.example"], policies: ["public"] } },
      'must be a host name with the path that "public" is meant for',
    ],
    [
      "bypass of everything below a host",
      "applications",
      { x: { hostnames: ["x.example/*"], policies: ["public"] } },
      'must be a host name with the path that "public" is meant for',
    ],
    [
      "bypass beside other policies",
      "applications",
      { x: { hostnames: ["wiki.contoso.example/x"], policies: ["employees", "public"] } },
      'must contain "public" alone',
    ],
    ["everyone without acknowledgement", "policies", { x: { everyone: true } }, 'must contain "everyone"'],
    [
      "everyone in a group, and so in groups of it",
      "groups",
      { x: { include: { everyone: true } } },
      "is not a setting",
    ],
    [
      "a country beside people",
      "groups",
      { x: { include: { entraGroups: ["Employees"], countries: ["DE"] } } },
      "must have rules of one kind only",
    ],
    [
      "a country beside people, through groups",
      "groups",
      { x: { include: { groups: ["employees", "dach"] } } },
      "must have rules of one kind only",
    ],
    ["a place in the place of people", "policies", { x: { include: ["dach"] } }, "must be a group of people"],
    [
      "service auth for people",
      "policies",
      { x: { decision: "service_auth", include: ["all"] } },
      "must be a group of services",
    ],
    [
      "a public email domain",
      "groups",
      { x: { include: { emailDomains: ["gmail.com"] } } },
      "must be a domain of your own",
    ],
    [
      "a path of a host that nothing protects",
      "applications",
      { x: { hostnames: ["x.example/admin"], policies: ["all"] } },
      "must be on a host that is protected as a whole",
    ],
    [
      "a path two levels below a wildcard, which covers one level",
      "applications",
      { x: { hostnames: ["a.b.nobody.contoso.example/admin"], policies: ["all"] } },
      "must be on a host that is protected as a whole",
    ],
    [
      "a path of the domain above a wildcard",
      "applications",
      { x: { hostnames: ["nobody.contoso.example/admin"], policies: ["all"] } },
      "must be on a host that is protected as a whole",
    ],
    [
      "a path of all hosts beside an application for one of them",
      "applications",
      { x: { hostnames: ["*.contoso.example/admin"], policies: ["all"] } },
      "must be on a host that is protected as a whole",
    ],
    [
      "a host of two applications",
      "applications",
      { x: { hostnames: ["wiki.contoso.example"] } },
      'must not be a host name of "wiki"',
    ],
    [
      "credentials for every origin",
      "applications",
      { x: { hostnames: ["x.example"], cors: { origins: "all", methods: ["GET"], credentials: true } } },
      "must be a list of origins with credentials",
    ],
  ])("%s is refused", (_what, part, settings, message) => {
    expect(listProblemsWith(part, settings).join("\n")).toContain(message);
  });

  test.each(["a.nobody.contoso.example/admin", "*.nobody.contoso.example/admin"])(
    "is not %s, which a wildcard covers",
    (hostname) => {
      expect(listProblemsWith("applications", { x: { hostnames: [hostname], policies: ["all"] } })).toEqual(
        [],
      );
    },
  );

  test("of a path passes when it is acknowledged", () => {
    const x = { hostnames: ["x.example/admin"], policies: ["all"], acknowledge: ["unprotectedRest"] };
    expect(listProblemsWith("applications", { x })).toEqual([]);
  });
});
