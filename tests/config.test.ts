import { parseConfig } from "../config";

const required = {
  "entra-access:tenantId": "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01",
  "entra-access:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
  "entra-access:teamName": "contoso",
};
const parse = (changed: Record<string, unknown>) => {
  const text = Object.entries(changed).map(([key, value]) => [
    `entra-access:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseConfig({ ...required, ...Object.fromEntries(text) }, "entra-access");
};
const listProblems = (changed: Record<string, unknown>): string[] => {
  try {
    parse(changed);
  } catch (error) {
    expect((error as Error).constructor.name).toBe("RunError");
    return (error as Error).message.split("\n  ");
  }
  return [];
};

test("three settings are required; the others have defaults", () => {
  expect(parse({})).toEqual({
    tenantId: required["entra-access:tenantId"],
    accountId: required["entra-access:accountId"],
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
    conditionalAccess: { namedLocations: {}, policies: {} },
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
        provisioning: "byHand",
      },
    },
  });
});

test("every setting can be set", () => {
  const given = {
    protect: false,
    application: {
      displayName: "Access",
      owners: ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],
      emailClaim: true,
      uniqueSuffix: true,
    },
    permissions: { names: ["openid", "User.Read", "Policy.Read.ConditionalAccess"] },
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
        provisioning: "managed",
      },
    },
  };
  expect(parse(given)).toMatchObject(given);
});

test("a text of digits, which Pulumi hands over as a number within a group, stays a text", () => {
  const { application, access } = parse({
    application: { displayName: 2024 },
    access: { groups: { x: { include: { entraGroups: [true, 7] } } } },
  });
  expect(application.displayName).toBe("2024");
  expect(access.groups.x?.include.entraGroups).toEqual(["true", "7"]);
  expect(listProblems({ application: { displayName: 1.5 } })).toHaveLength(2);
});

test("keys of other namespaces are left to their providers", () => {
  expect(() => parseConfig({ ...required, "azuread:whatever": "x" }, "entra-access")).not.toThrow();
});

const team = 'must be the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com';
const lifetime = "must be a whole number from 1 to 730";
const shorter = "must have graceDays (30 unless set) shorter than periodDays (90 unless set)";
const together = "must have periodDays and graceDays together at most longestDays (180 unless set)";

test.each<[string, Record<string, unknown>, string]>([
  [
    "a missing setting",
    { accountId: "" },
    "accountId is required: it must be the Cloudflare account id, 32 hexadecimal digits",
  ],
  [
    "a tenant by name",
    { tenantId: "contoso" },
    'tenantId must be the directory (tenant) id, a GUID; found "contoso"',
  ],
  [
    "a team with a dot",
    { teamName: "contoso.cloudflareaccess.com" },
    `teamName ${team}; found "contoso.cloudflareaccess.com". Did you mean "contoso"?`,
  ],
  [
    "a team with a scheme",
    { teamName: "https://contoso" },
    `teamName ${team}; found "https://contoso". Did you mean "contoso"?`,
  ],
  [
    "a team in capitals",
    { teamName: "Contoso" },
    `teamName ${team}; found "Contoso". Did you mean "contoso"?`,
  ],
  [
    "a next team that is the present one",
    { nextTeamName: "contoso" },
    'nextTeamName must be another name than teamName; found "contoso"',
  ],
  ["an unknown setting", { tennantId: "x" }, 'tennantId is not a setting. Did you mean "tenantId"?'],
  [
    "an unknown nested setting",
    { credential: { lifetime: 1 } },
    "credential.lifetime is not a setting. Choose one of description, periodDays, graceDays, longestDays, phaseHours, alertDays, rotation, force, compromised.",
  ],
  [
    "a misspelt setting deep down",
    { identityProvider: { scim: { enabld: true } } },
    'identityProvider.scim.enabld is not a setting. Did you mean "enabled"?',
  ],
  [
    "a text for a group",
    { application: "Access" },
    'application must be a group of settings; found "Access"',
  ],
  ["a text for a flag", { protect: "yes" }, 'protect must be true or false; found "yes"'],
  [
    "a lifetime above the limit",
    { credential: { longestDays: 731 } },
    `credential.longestDays ${lifetime}; found 731`,
  ],
  ["half a day", { credential: { graceDays: 0.5 } }, `credential.graceDays ${lifetime}; found 0.5`],
  [
    "a grace as long as the period",
    { credential: { periodDays: 30 } },
    `credential ${shorter}; found {"periodDays":30}`,
  ],
  [
    "more than the tenant allows",
    { credential: { periodDays: 151 } },
    `credential ${together}; found {"periodDays":151}`,
  ],
  [
    "profile and names",
    { permissions: { profile: "tutorial", names: ["openid"] } },
    'permissions must have either profile or names, not both; found {"profile":"tutorial","names":["openid"]}',
  ],
  [
    "an unknown profile",
    { permissions: { profile: "all" } },
    'permissions.profile must be one of "tutorial", "cloudflare-current"; found "all"',
  ],
  [
    "an unknown permission",
    { permissions: { names: ["openid", "Group.Read.Al"] } },
    'permissions.names.1 must be a delegated Microsoft Graph permission; found "Group.Read.Al". Did you mean "Group.Read.All"?',
  ],
  [
    "a permission as a scope",
    { permissions: { names: ["https://graph.microsoft.com/user.read"] } },
    'permissions.names.0 must be a delegated Microsoft Graph permission; found "https://graph.microsoft.com/user.read". Did you mean "User.Read"?',
  ],
  [
    "no permissions",
    { permissions: { names: [] } },
    "permissions.names must be a list of permission names, at least one; found []",
  ],
  [
    "an owner by name",
    { application: { owners: ["alice"] } },
    'application.owners.0 must be an object id, a GUID; found "alice"',
  ],
  [
    "an unknown prompt",
    { identityProvider: { prompt: "consent" } },
    'identityProvider.prompt must be one of "login", "select_account", "none"; found "consent"',
  ],
  [
    "a value in another notation",
    { identityProvider: { prompt: "selectAccount" } },
    'identityProvider.prompt must be one of "login", "select_account", "none"; found "selectAccount". Did you mean "select_account"?',
  ],
  [
    "a setting as Terraform writes it",
    { identityProvider: { email_claim_name: "upn" } },
    'identityProvider.email_claim_name is not a setting. Did you mean "emailClaimName"?',
  ],
  [
    "a setting by its name in Entra",
    { application: { name: "Access" } },
    'application.name is not a setting. Did you mean "displayName"?',
  ],
  [
    "a value by its name in Cloudflare's API",
    { access: { policies: { backup: { decision: "non_identity" } } } },
    'access.policies.backup.decision must be one of "allow", "deny", "bypass", "service_auth"; found "non_identity". Did you mean "service_auth"?',
  ],
  [
    "a short unknown setting that is like none",
    { application: { type: "web" } },
    "application.type is not a setting. Choose one of displayName, owners, emailClaim, uniqueSuffix, homepageUrl, notes, serviceManagementReference, tags, hidden, appRoleId.",
  ],
  [
    "a name for people as the name of an entry",
    { access: { groups: { "Red Team": { include: { countries: ["DE"] } } } } },
    'access.groups.Red Team must have a name of at most 40 letters, digits and hyphens that begins with a lowercase letter; found "Red Team". The name that people see can be another: displayName.',
  ],
  [
    "a reference in capitals",
    {
      access: {
        groups: { staff: { include: { emails: ["kim@contoso.example"] } } },
        policies: { staff: { include: ["Staff"] } },
      },
    },
    'access.policies.staff.include.0 must be the name of a group; found "Staff". Did you mean "staff"?',
  ],
  [
    "seats without users",
    { identityProvider: { scim: { seatDeprovision: true } } },
    'identityProvider.scim must have userDeprovision with seatDeprovision; found {"seatDeprovision":true}',
  ],
  [
    "provisioning that Cloudflare would refuse",
    { identityProvider: { scim: { provisioning: "managed" } } },
    'identityProvider.scim must have enabled with provisioning managed; found {"provisioning":"managed"}',
  ],
])("%s is one clear problem", (_case, changed, problem) => {
  expect(listProblems(changed)).toEqual([
    "1 problem in the stack's configuration:",
    `entra-access:${problem}`,
  ]);
});

test("all problems are reported in one go, also a rule over a group that has other problems", () => {
  const problems = listProblems({
    tenantId: "",
    teamName: "a.b",
    credential: { periodDays: 10, longestDays: 20, rotation: 0 },
  });
  expect(problems.slice(1).map((problem) => /:(\S+) /.exec(problem)?.[1])).toEqual([
    "tenantId",
    "teamName",
    "credential.rotation",
    "credential",
    "credential",
  ]);
  expect(problems[0]).toBe("5 problems in the stack's configuration:");
});
