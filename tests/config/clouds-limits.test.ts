import { parseConfig } from "../../config";
import { listProblemsWith, parseAccess, validAccess } from "../support/access-config";

const inGroup = (include: object) => listProblemsWith("groups", { x: { include } });
const asHost = (hostname: string, more: object = {}) =>
  listProblemsWith("applications", { x: { hostnames: [hostname], policies: ["all"], ...more } });
const inPolicy = (policy: object) =>
  listProblemsWith("policies", { x: { include: ["employees"], ...policy } });
const inCors = (cors: object) =>
  listProblemsWith("applications", {
    x: {
      hostnames: ["x.contoso.example"],
      cors: { origins: ["https://app.contoso.example"], methods: ["GET"], ...cors },
    },
  });
const parseTop = (changed: Record<string, unknown>) => {
  const settings = { tenantId: "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01", teamName: "contoso", ...changed };
  const accountId = { accountId: "023e105f4ecef8ad9ca31a8372d0c353", ...changed };
  const text = Object.entries({ ...accountId, ...settings }).map(([key, value]) => [
    `entra-access:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseConfig(Object.fromEntries(text), "entra-access");
};
const atTop = (changed: Record<string, unknown>): string[] => {
  try {
    parseTop(changed);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n  ").slice(1);
  }
};

describe("a value that no cloud would match", () => {
  test.each<[string, string[], string]>([
    ["a country by another list", inGroup({ countries: ["UK"] }), 'Did you mean "GB"?'],
    ["a country in lower case", inGroup({ countries: ["de"] }), 'Did you mean "DE"?'],
    ["a country that does not exist", inGroup({ countries: ["QQ"] }), '"T1" for Tor and "XX"'],
    ["an address out of range", inGroup({ ipRanges: ["999.1.1.1/33"] }), "must be an address, or a range"],
    [
      "a prefix that is too long",
      inGroup({ ipRanges: ["198.51.100.0/33"] }),
      "must be an address, or a range",
    ],
    ["host bits", inGroup({ ipRanges: ["192.168.100.1/24"] }), 'Did you mean "192.168.100.0/24"?'],
    ["host bits of IPv6", inGroup({ ipRanges: ["2001:DB8::1/32"] }), 'Did you mean "2001:db8::/32"?'],
    ["an address with a zone", inGroup({ ipRanges: ["fe80::1%eth0"] }), "must be an address, or a range"],
    ["an address as IPv6", inGroup({ ipRanges: ["::ffff:192.0.2.1"] }), "must be an address, or a range"],
    ["a mail domain with an umlaut", inGroup({ emailDomains: ["bücher.example"] }), "xn--bcher-kva.example"],
    ["an origin with its default port", inCors({ origins: ["https://a.example:443"] }), "must be an origin"],
    ["an origin with a path", inCors({ origins: ["https://a.example/x"] }), "must be an origin"],
    [
      "an origin with a slash",
      inCors({ origins: ["https://a.example/"] }),
      'Did you mean "https://a.example"?',
    ],
    ["an origin on another machine by http", inCors({ origins: ["http://a.example"] }), "must be an origin"],
    ["a method in lower case", inCors({ methods: ["GET", "put"] }), 'methods.1 must be one of "GET"'],
    ["a header with a blank", inCors({ headers: ["X Y"] }), "must be the name of a header"],
    [
      "more approvals than approvers",
      inPolicy({ approval: { approvers: ["a@b.example"], needed: 2 } }),
      "at most 1",
    ],
    ["a whole domain as an address", inGroup({ emails: ["*@contoso.example"] }), "without wildcards"],
    ["a domain as in mails", inGroup({ emailDomains: ["@contoso.example"] }), 'mean "contoso.example"?'],
    ["the client id of a service token", inGroup({ serviceTokens: ["88bf.access"] }), "not its client id"],
    ["a session in days", inPolicy({ sessionDuration: "7d" }), 'Did you mean "168h"?'],
    ["another case", asHost("x.contoso.example", { cookie: { sameSite: "Lax" } }), 'Did you mean "lax"?'],
    ["the domain of a team", atTop({ teamName: "contoso.cloudflareaccess.com" }), 'mean "contoso"?'],
    ["a session of two months", inPolicy({ sessionDuration: "1461h" }), "must be at most a month, 730h"],
    [
      "an authentication context that is not loaded",
      inPolicy({ authenticationContext: { id: "x", acId: "c1" } }),
      "unless identityProvider.conditionalAccessEnabled is true",
    ],
    [
      "groups that are not loaded",
      atTop({ identityProvider: { supportGroups: false }, access: validAccess }),
      'identity provider "entra" does not load groups',
    ],
  ])("%s is refused", (_case, problems, text) => {
    expect(problems).toEqual([expect.stringContaining(text)]);
  });
});

describe("an open door", () => {
  test.each(["0.0.0.0/0", "128.0.0.0/1", "::/0", "2000::/3"])("%s as a restriction is refused", (range) => {
    expect(inGroup({ ipRanges: [range] })).toEqual([expect.stringContaining("must be at most as wide as")]);
  });

  test("bypass of every path of a host is refused", () => {
    const problems = asHost("assets.contoso.example/*/*", {
      policies: ["public"],
      acknowledge: ["unprotectedRest"],
    });
    expect(problems).toEqual([expect.stringContaining('with the path that "public" is meant for')]);
  });
});

describe("a host name", () => {
  test.each([
    "*-dev.contoso.example",
    "dev-*.contoso.example",
    "*.*.contoso.example",
    "*test.contoso.example",
    "wiki.contoso.xn--p1ai",
    "nobody.x.nobody.contoso.example",
    "x.nobody.contoso.example/*/admin",
    "x.nobody.contoso.example/foo*/bar",
  ])("%s is accepted", (hostname) => expect(asHost(hostname)).toEqual([]));

  test.each([
    "a*b*.contoso.example",
    "*.example",
    "contoso.*",
    "x.nobody.contoso.example/foo*bar*baz",
    "x.nobody.contoso.example/a?b",
    "x.nobody.contoso.example/a#b",
    "x.contoso.example:8443",
    "-x.contoso.example",
    `${"a".repeat(64)}.contoso.example`,
  ])("%s is refused", (hostname) => {
    expect(asHost(hostname)).toEqual([expect.stringContaining("must be a host name with or without")]);
  });

  test.each([
    ["bücher.example", "xn--bcher-kva.example"],
    ["https://wiki.contoso.example/", "wiki.contoso.example"],
    ["https://Wiki.contoso.example/HR/", "wiki.contoso.example/HR"],
  ])("%s is refused with the right notation", (hostname, suggested) => {
    expect(asHost(hostname)).toEqual([expect.stringContaining(`Did you mean "${suggested}"?`)]);
  });

  test("of this machine may be an origin by http", () => {
    expect(inCors({ origins: ["http://localhost:3000", "http://127.0.0.1"] })).toEqual([]);
  });

  test("is covered by a wildcard of its own level only", () => {
    expect(asHost("a.nobody.contoso.example/admin")).toEqual([]);
    expect(asHost("a.b.nobody.contoso.example/admin")).toEqual([
      expect.stringContaining("Add an application for a.b.nobody.contoso.example"),
    ]);
    expect(asHost("*.nobody.contoso.example/admin")).toEqual([]);
  });
});

describe("a repetition", () => {
  test.each<[string, string[]]>([
    ["an Entra group", inGroup({ entraGroups: ["Engineers", "engineers"] })],
    ["an address", inGroup({ emails: ["eve@partner.example", "Eve@Partner.Example"] })],
    ["a range in another notation", inGroup({ ipRanges: ["198.51.100.7", "198.51.100.7/32"] })],
    ["a group of a policy", inPolicy({ include: ["employees", "employees"] })],
    ["a method", inCors({ methods: ["GET", "GET"] })],
    ["a header", inCors({ headers: ["X-A", "x-a"] })],
    ["a tag", asHost("x.contoso.example", { tags: ["hr", "hr"] })],
    ["a permission", atTop({ permissions: { names: ["openid", "openid"] } })],
    ["a claim", atTop({ identityProvider: { claims: ["oid", "oid"] } })],
  ])("of %s is refused", (_case, problems) => {
    expect(problems).toEqual([expect.stringContaining("must be listed only once")]);
  });

  test("of a host name in another case is refused", () => {
    expect(asHost("Wiki.Contoso.Example")).toEqual([
      expect.stringContaining('must not be a host name of "wiki"'),
    ]);
  });

  test("of an identity provider is refused", () => {
    expect(listProblemsWith("identityProviders", { x: { id: "okta-id" } })).toEqual([
      expect.stringContaining('must be another id than that of "okta"'),
    ]);
  });

  test("of an owned Entra group, and another spelling of one, are refused", () => {
    const ownedEntraGroups = { a: { displayName: "Finance" }, b: { displayName: "finance" } };
    const groups = { x: { include: { entraGroups: ["FINANCE"] } } };
    expect(atTop({ access: { ownedEntraGroups, groups } })).toEqual([
      expect.stringContaining('must be another name than that of "a"'),
      expect.stringContaining('must be "Finance", as in ownedEntraGroups'),
    ]);
  });
});

test.each(["   ", " Wiki", "Wiki ", "a\nb", ""])("a display name %j is refused", (displayName) => {
  expect(asHost("x.contoso.example", { displayName })).toEqual([
    expect.stringContaining("must be a text of 1 to 120 characters in one line, without blanks at its ends"),
  ]);
});

describe("a name that every object has", () => {
  test.each(["constructor", "toString", "hasOwnProperty"])("%s is no group, policy or range", (name) => {
    expect(inGroup({ groups: [name] })).toEqual([expect.stringContaining("must be the name of a group")]);
    expect(inPolicy({ include: [name] })).toEqual([expect.stringContaining("must be the name of a group")]);
    expect(asHost("x.contoso.example", { policies: [name] })).toEqual([
      expect.stringContaining("must be the name of a policy"),
    ]);
    expect(listProblemsWith("groups", { x: { identityProvider: name, include: {} } })).toContainEqual(
      expect.stringContaining("must be the name of an identity provider"),
    );
  });

  test("may be defined", () => {
    expect(listProblemsWith("groups", { constructor: { include: { emails: ["a@b.example"] } } })).toEqual([]);
  });
});

test("a value is stored as the clouds store it", () => {
  const upper = "F174E90A-FAFE-4643-BBBC-4A0ED4FC8415";
  const { groups, applications } = parseAccess({
    groups: {
      people: {
        include: { emails: ["Eve@Partner.Example"], emailDomains: ["Contoso.Example"], entraGroups: [upper] },
      },
      places: { include: { ipRanges: ["198.51.100.7", "2001:DB8:0::1", "198.51.100.0/24"] } },
      services: { include: { serviceTokens: [upper] } },
    },
    applications: {
      x: { hostnames: ["Wiki.Contoso.Example"], cors: { origins: ["https://App.example"], methods: "all" } },
    },
  });
  expect(groups.people?.include).toEqual({
    emails: ["eve@partner.example"],
    emailDomains: ["contoso.example"],
    entraGroups: [upper.toLowerCase()],
  });
  expect(groups.places?.include.ipRanges).toEqual(["198.51.100.7/32", "2001:db8::1/128", "198.51.100.0/24"]);
  expect(groups.services?.include.serviceTokens).toEqual([upper.toLowerCase()]);
  expect(applications.x).toMatchObject({
    hostnames: ["wiki.contoso.example"],
    cors: { origins: ["https://app.example"] },
  });
  expect(parseTop({ tenantId: upper }).tenantId).toBe(upper.toLowerCase());
});

test("an account id in capitals is refused with the right one", () => {
  expect(atTop({ accountId: "023E105F4ECEF8AD9CA31A8372D0C353" })).toEqual([
    expect.stringContaining('Did you mean "023e105f4ecef8ad9ca31a8372d0c353"?'),
  ]);
});
