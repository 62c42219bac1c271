import { parseConfig } from "../config";

const good = {
  "entra-access:tenantId": "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  "entra-access:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
  "entra-access:teamName": "contoso",
};
const parse = (changed: Record<string, unknown>) => {
  const text = Object.entries(changed).map(([key, value]) => [
    `entra-access:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseConfig({ ...good, ...Object.fromEntries(text) }, "entra-access");
};
const problemsOf = (changed: Record<string, unknown>): string[] => {
  try {
    parse(changed);
  } catch (error) {
    expect((error as Error).constructor.name).toBe("RunError");
    return (error as Error).message.split("\n  ");
  }
  return [];
};

test("three settings are enough; the rest has defaults", () => {
  expect(parse({})).toEqual({
    tenantId: good["entra-access:tenantId"],
    accountId: good["entra-access:accountId"],
    teamName: "contoso",
    protect: true,
    access: {
      assignedOnly: false,
      identityProviders: {},
      ownedEntraGroups: {},
      privateHostnames: {},
      privateRanges: {},
      virtualNetworks: {},
      groups: {},
      policies: {},
      applications: {},
    },
    application: { emailClaim: false, uniqueSuffix: false },
    permissions: {},
    credential: {
      description: "cloudflare-access",
      periodDays: 90,
      graceDays: 30,
      longestDays: 180,
      alertDays: 14,
      rotation: 1,
    },
    identityProvider: {
      supportGroups: true,
      pkceEnabled: true,
      conditionalAccessEnabled: false,
      scim: {
        enabled: false,
        userDeprovision: false,
        seatDeprovision: false,
        identityUpdateBehavior: "no_action",
      },
    },
  });
});

test("every setting is taken as given", () => {
  const given = {
    protect: false,
    application: {
      displayName: "Access",
      owners: ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],
      emailClaim: true,
      uniqueSuffix: true,
    },
    permissions: { names: ["openid", "User.Read"] },
    credential: {
      description: "secret of Access",
      periodDays: 300,
      graceDays: 65,
      longestDays: 365,
      phaseHours: 5,
      alertDays: 3,
      rotation: 7,
      force: 7,
      compromised: 6,
    },
    identityProvider: {
      displayName: "Contoso",
      prompt: "select_account",
      claims: ["oid"],
      emailClaimName: "email",
      conditionalAccessEnabled: true,
      scim: {
        enabled: true,
        userDeprovision: true,
        seatDeprovision: true,
        identityUpdateBehavior: "automatic",
      },
    },
  };
  expect(parse(given)).toMatchObject(given);
});

test("keys of other namespaces are left to their providers", () => {
  expect(() => parseConfig({ ...good, "azuread:whatever": "x" }, "entra-access")).not.toThrow();
});

const team = 'the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com';
const lifetime = "a whole number from 1 to 730";
const shorter = "graceDays (30 unless set) shorter than periodDays (90 unless set)";
const together = "periodDays and graceDays together at most longestDays (180 unless set)";

test.each<[string, Record<string, unknown>, string]>([
  [
    "a missing setting",
    { accountId: "" },
    "accountId: found nothing; want the Cloudflare account id, 32 hexadecimal digits",
  ],
  [
    "a tenant by name",
    { tenantId: "contoso" },
    'tenantId: found "contoso"; want the directory (tenant) id, a GUID',
  ],
  [
    "a team with a dot",
    { teamName: "contoso.cloudflareaccess.com" },
    `teamName: found "contoso.cloudflareaccess.com"; want ${team}`,
  ],
  [
    "a team with a scheme",
    { teamName: "https://contoso" },
    `teamName: found "https://contoso"; want ${team}`,
  ],
  ["a team in capitals", { teamName: "Contoso" }, `teamName: found "Contoso"; want ${team}`],
  ["an unknown setting", { tennantId: "x" }, 'tennantId: no such setting; did you mean "tenantId"?'],
  [
    "an unknown nested setting",
    { credential: { lifetime: 1 } },
    "credential.lifetime: no such setting; there are description, periodDays, graceDays, longestDays, phaseHours, alertDays, rotation, force, compromised",
  ],
  [
    "a misspelt setting deep down",
    { identityProvider: { scim: { enabld: true } } },
    'identityProvider.scim.enabld: no such setting; did you mean "enabled"?',
  ],
  ["a text for a group", { application: "Access" }, 'application: found "Access"; want a group of settings'],
  ["a text for a flag", { protect: "yes" }, 'protect: found "yes"; want true or false'],
  [
    "a lifetime above the limit",
    { credential: { longestDays: 731 } },
    `credential.longestDays: found 731; want ${lifetime}`,
  ],
  ["half a day", { credential: { graceDays: 0.5 } }, `credential.graceDays: found 0.5; want ${lifetime}`],
  [
    "a grace as long as the period",
    { credential: { periodDays: 30 } },
    `credential: found {"periodDays":30}; want ${shorter}`,
  ],
  [
    "more than the tenant allows",
    { credential: { periodDays: 151 } },
    `credential: found {"periodDays":151}; want ${together}`,
  ],
  [
    "profile and names",
    { permissions: { profile: "tutorial", names: ["openid"] } },
    'permissions: found {"profile":"tutorial","names":["openid"]}; want either profile or names, not both',
  ],
  [
    "an unknown profile",
    { permissions: { profile: "all" } },
    'permissions.profile: found "all"; want one of "tutorial", "cloudflare-current"',
  ],
  [
    "an unknown permission",
    { permissions: { names: ["openid", "Group.Read.Al"] } },
    'permissions.names.1: found "Group.Read.Al"; want another name: it is no delegated permission of Microsoft Graph; did you mean "Group.Read.All"?',
  ],
  [
    "no permissions",
    { permissions: { names: [] } },
    "permissions.names: found []; want a list of permission names",
  ],
  [
    "an owner by name",
    { application: { owners: ["alice"] } },
    'application.owners.0: found "alice"; want an object id, a GUID',
  ],
  [
    "an unknown prompt",
    { identityProvider: { prompt: "selectAccount" } },
    'identityProvider.prompt: found "selectAccount"; want one of "login", "select_account", "none"',
  ],
  [
    "seats without users",
    { identityProvider: { scim: { seatDeprovision: true } } },
    'identityProvider.scim: found {"seatDeprovision":true}; want userDeprovision with seatDeprovision',
  ],
])("%s is one clear problem", (_case, changed, problem) => {
  expect(problemsOf(changed)).toEqual(["1 problem in the stack's configuration:", `entra-access:${problem}`]);
});

test("all problems are reported in one go, also a rule over a group that has other problems", () => {
  const problems = problemsOf({
    tenantId: "",
    teamName: "a.b",
    credential: { periodDays: 10, longestDays: 20, rotation: 0 },
  });
  expect(problems.slice(1).map((problem) => problem.split(":")[1])).toEqual([
    "tenantId",
    "teamName",
    "credential.rotation",
    "credential",
    "credential",
  ]);
  expect(problems[0]).toBe("5 problems in the stack's configuration:");
});
