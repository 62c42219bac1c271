import { parseConfig } from "../config";

const now = new Date("2026-11-23T12:00:00Z");
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
  return parseConfig({ ...good, ...Object.fromEntries(text) }, "entra-access", now);
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
    application: { emailClaim: false, uniqueSuffix: false },
    permissions: {},
    credential: { description: "cloudflare-access", rotation: 1 },
    identityProvider: {
      displayName: "Entra ID",
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
    credential: { description: "secret of Access", lifetimeDays: 90, rotation: 7 },
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
  expect(() => parseConfig({ ...good, "azuread:whatever": "x" }, "entra-access", now)).not.toThrow();
});

const team = 'the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com';
const lifetime = "a whole number from 1 to 730";
const expiry = 'a UTC time in whole seconds like "2027-05-01T00:00:00Z", after now and at most 730 days away';

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
    "credential.lifetime: no such setting; there are description, lifetimeDays, expires, rotation",
  ],
  [
    "a misspelt setting deep down",
    { identityProvider: { scim: { enabld: true } } },
    'identityProvider.scim.enabld: no such setting; did you mean "enabled"?',
  ],
  ["a text for a group", { application: "Access" }, 'application: found "Access"; want a group of settings'],
  ["a text for a flag", { protect: "yes" }, 'protect: found "yes"; want true or false'],
  [
    "a lifetime of zero",
    { credential: { lifetimeDays: 0 } },
    `credential.lifetimeDays: found 0; want ${lifetime}`,
  ],
  [
    "a lifetime above the limit",
    { credential: { lifetimeDays: 731 } },
    `credential.lifetimeDays: found 731; want ${lifetime}`,
  ],
  [
    "half a day",
    { credential: { lifetimeDays: 0.5 } },
    `credential.lifetimeDays: found 0.5; want ${lifetime}`,
  ],
  [
    "an expiry with milliseconds",
    { credential: { expires: "2027-05-01T00:00:00.000Z" } },
    `credential.expires: found "2027-05-01T00:00:00.000Z"; want ${expiry}`,
  ],
  [
    "an expiry in the past",
    { credential: { expires: "2026-11-23T12:00:00Z" } },
    `credential.expires: found "2026-11-23T12:00:00Z"; want ${expiry}`,
  ],
  [
    "an expiry above the limit",
    { credential: { expires: "2028-11-23T00:00:00Z" } },
    `credential.expires: found "2028-11-23T00:00:00Z"; want ${expiry}`,
  ],
  [
    "lifetime and expiry",
    { credential: { lifetimeDays: 1, expires: "2027-01-01T00:00:00Z" } },
    'credential: found {"lifetimeDays":1,"expires":"2027-01-01T00:00:00Z"}; want either lifetimeDays or expires, not both',
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
    credential: { lifetimeDays: 0, expires: "never", rotation: 0 },
  });
  expect(problems.slice(1).map((problem) => problem.split(":")[1])).toEqual([
    "tenantId",
    "teamName",
    "credential.lifetimeDays",
    "credential.expires",
    "credential.rotation",
    "credential",
  ]);
  expect(problems[0]).toBe("6 problems in the stack's configuration:");
});
