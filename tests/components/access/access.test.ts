import * as pulumi from "@pulumi/pulumi";
import { Access } from "../../../components/access/access";
import { findEntraGroups } from "../../../components/entra/directory/groups";
import {
  type AccessRulesConfig,
  listAdmittedEntraGroups,
  listEntraGroups,
} from "../../../config/access/rules";
import { accountId, answers, observed, resources, startProgram } from "../../support/mocks";
import { application, group, identityProviders, policy, rules } from "./access-rules";

beforeEach(startProgram);
// Resources that were declared before a component threw must be registered before the next program starts.
afterEach(async () => void (await resources()));

const declare = async (changed: Partial<AccessRulesConfig> = {}) => {
  const access = new Access(
    "access",
    { accountId, rules: { ...rules, ...changed }, identityProviders },
    observed,
  );
  return { access, inputs: async (name: string) => (await resources())[`access-${name}`]?.inputs };
};

describe("groups", () => {
  test("refer to Entra groups together with their identity provider", async () => {
    const { inputs } = await declare();
    expect(await inputs("group-employees")).toEqual({
      accountId,
      name: "employees",
      includes: [{ azureAd: { id: "e-id", identityProviderId: "idp" } }],
      requires: [{ group: { id: "access-group-dach-id" } }],
    });
  });

  test("match addresses only of people who signed in at their identity provider", async () => {
    const { inputs } = await declare();
    expect(await inputs("group-guests")).toMatchObject({
      includes: [{ email: { email: "al@b.example" } }, { email: { email: "eve@b.example" } }],
      requires: [{ loginMethod: { id: "partners-idp" } }],
    });
  });

  test("of groups and of places require no identity provider, and inner groups are declared first", async () => {
    const { inputs } = await declare();
    expect(await inputs("group-all")).toEqual({
      accountId,
      name: "all",
      includes: [{ group: { id: "access-group-employees-id" } }, { group: { id: "access-group-guests-id" } }],
      excludes: [{ azureAd: { id: "s-id", identityProviderId: "idp" } }],
    });
    const places = [
      { geo: { countryCode: "AT" } },
      { geo: { countryCode: "DE" } },
      { ip: { ip: "198.51.100.0/24" } },
    ];
    expect(await inputs("group-dach")).toEqual({ accountId, name: "dach", includes: places });
  });

  test.each([
    ["that contain themselves", { a: { ...group, include: { groups: ["a"] } } }, "must not contain itself"],
    ["of unknown names", { a: { ...group, include: { groups: ["b"] } } }, 'Access group "b" is not defined'],
    [
      "of an unknown identity provider",
      { a: { identityProvider: "x", include: {} } },
      'identity provider "x" is not defined',
    ],
    [
      "of Entra groups that were not resolved",
      { a: { ...group, include: { entraGroups: ["X"] } } },
      "was not resolved",
    ],
  ])("%s throw", async (_what, groups, message) => {
    await expect(declare({ groups, policies: {}, applications: {} })).rejects.toThrow(message);
  });
});

describe("policies", () => {
  test("have all settings", async () => {
    const { inputs } = await declare();
    expect(await inputs("policy-employees")).toEqual({
      accountId,
      name: "employees",
      decision: "allow",
      includes: [{ group: { id: "access-group-employees-id" } }],
      requires: [
        { group: { id: "access-group-dach-id" } },
        { authMethod: { authMethod: "mfa" } },
        { authContext: { id: "context", acId: "c1", identityProviderId: "idp" } },
      ],
      sessionDuration: "8h",
      purposeJustificationRequired: true,
      purposeJustificationPrompt: "Why?",
      approvalRequired: true,
      approvalGroups: [{ emailAddresses: ["boss@contoso.example"], approvalsNeeded: 2 }],
    });
  });

  test("ask for an authentication context at the identity provider of their people", async () => {
    const authenticationContext = { id: "context", acId: "c1" };
    const policies = { ...rules.policies, guests: { ...policy, include: ["guests"], authenticationContext } };
    const { inputs } = await declare({ policies });
    expect(await inputs("policy-guests")).toMatchObject({
      requires: [{ authContext: { ...authenticationContext, identityProviderId: "partners-idp" } }],
    });
  });

  test("for everyone admit all users of the stack's own identity provider; bypass admits everybody", async () => {
    const { inputs } = await declare();
    expect(await inputs("policy-anybody")).toMatchObject({
      includes: [{ everyone: {} }],
      requires: [{ loginMethod: { id: "idp" } }],
    });
    const open = await inputs("policy-public");
    expect(open).toMatchObject({ decision: "bypass", includes: [{ everyone: {} }] });
    expect(open).not.toHaveProperty("requires");
  });

  test("for service tokens have the decision's name in the API; a policy that includes nobody is refused", async () => {
    const { inputs } = await declare();
    expect(await inputs("policy-backup")).toMatchObject({ decision: "non_identity" });
    await startProgram();
    await expect(declare({ policies: { x: policy }, applications: {} })).rejects.toThrow(
      "must include a group or everyone",
    );
  });
});

describe("applications", () => {
  test("allow only the identity providers of their policies", async () => {
    const { access, inputs } = await declare();
    expect(await inputs("application-wiki")).toEqual({
      accountId,
      name: "wiki",
      type: "self_hosted",
      domain: "wiki.example",
      destinations: [
        { type: "public", uri: "wiki.example" },
        { type: "public", uri: "docs.example/wiki" },
      ],
      policies: [
        { id: "access-policy-all-id", precedence: 1 },
        { id: "access-policy-backup-id", precedence: 2 },
      ],
      allowedIdps: ["idp", "partners-idp"],
      autoRedirectToIdentity: false,
      sessionDuration: "24h",
      appLauncherVisible: true,
      httpOnlyCookieAttribute: true,
      enableBindingCookie: false,
      pathCookieAttribute: false,
    });
    expect(Object.keys(access.audiences)).toEqual(["wiki", "git", "nobody"]);
  });

  test("without a policy still have an identity provider", async () => {
    const { inputs } = await declare();
    expect(await inputs("application-nobody")).toMatchObject({
      policies: [],
      allowedIdps: ["idp"],
      autoRedirectToIdentity: true,
    });
  });

  test("have cookie, CORS and launcher settings", async () => {
    const { inputs } = await declare();
    expect(await inputs("application-git")).toMatchObject({
      name: "Git",
      appLauncherVisible: false,
      sameSiteCookieAttribute: "strict",
      enableBindingCookie: true,
      corsHeaders: { allowedOrigins: ["https://a.example"], allowAllMethods: true, allowCredentials: true },
    });
  });
});

test("the referenced Entra groups and those that policies admit are listed", () => {
  expect(listEntraGroups(rules, "entra")).toEqual(["Employees", "Suspended"]);
  expect(listAdmittedEntraGroups(rules, "entra")).toEqual(["Employees"]);
  expect(listEntraGroups(rules, "partners")).toEqual([]);
});

describe("findEntraGroups", () => {
  const token = "azuread:index/getGroups:getGroups";
  const found = (...names: string[]) => ({
    displayNames: names,
    objectIds: names.map((_, index) => `id-${index}`),
  });

  test("finds the only group with exactly this name", async () => {
    answers[token] = found("Engineers Berlin", "engineers");
    expect(await findEntraGroups(["Engineers"])).toEqual(new Map([["Engineers", "id-1"]]));
  });

  test.each([
    [
      "two groups of the name",
      found("Engineers", "Engineers"),
      '"Engineers": 2 groups have this name: id-0, id-1. Give the object id',
    ],
    ["a longer name", found("Engineers Berlin"), 'no group has this name; there is "Engineers Berlin"'],
    ["no group", new Error('No groups found with display name prefix: "Eng"'), 'none begins with "Eng"'],
    [
      "no group, in the words of the official plugin",
      new Error(
        '1 error occurred:\n\t* No groups found with display name prefix: "Eng": provider=azuread@6.9.1\n\n',
      ),
      'none begins with "Eng"',
    ],
    [
      "a refusal, which begins like that",
      new Error(
        'No groups found with display name prefix: "A \\"B": unexpected status 403 (403 Forbidden)\n',
      ),
      /^Could not search for Entra groups: unexpected status 403 \(403 Forbidden\)$/,
    ],
    ["another failure", new Error("403 Forbidden"), "403 Forbidden"],
  ])("reports %s", async (_what, answer, message) => {
    answers[token] = answer;
    await expect(findEntraGroups(["Engineers"])).rejects.toThrow(message);
  });

  test.each([
    ["is renamed or deleted", found(), "no group has this name"],
    ["has a namesake", found("Engineers", "Engineers"), "2 groups have this name"],
    ["cannot be read", new Error("403 Forbidden"), "403 Forbidden"],
  ])("a group that %s keeps the object id of the last update, with a warning", async (_what, answer, why) => {
    answers[token] = answer;
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
    const former = { name: "fabrikam", entraGroups: { Engineers: "former-id" } };
    expect(await findEntraGroups(["Engineers"], {}, former)).toEqual(new Map([["Engineers", "former-id"]]));
    const [message] = warn.mock.calls[0] ?? [];
    expect(message).toMatch(/^action needed: fabrikam: Entra group "Engineers": /);
    for (const part of [why, "former-id"]) expect(message).toContain(part);
    warn.mockRestore();
    await expect(findEntraGroups(["Others"], {}, former)).rejects.toThrow();
  });

  test("accepts an object id, which must exist", async () => {
    const id = "70c461b8-92ea-4fd3-9b87-c3b4ef60d297";
    answers[token] = { objectIds: [id], displayNames: ["E"] };
    expect(await findEntraGroups([id])).toEqual(new Map([[id, id]]));
    answers[token] = new Error(`No group found with object ID: "${id}"`);
    await expect(findEntraGroups([id])).rejects.toThrow(`${id}: no group has this object id`);
  });
});

describe("the session duration of a policy that sets none", () => {
  const shared = (applications: Record<string, string | undefined>) => ({
    ...rules,
    applications: Object.fromEntries(
      Object.entries(applications).map(([name, sessionDuration]) => [
        name,
        { ...application, hostnames: [`${name}.example`], policies: ["all", "employees"], sessionDuration },
      ]),
    ),
  });
  const declareShared = async (config: AccessRulesConfig) => {
    new Access("access", { accountId, rules: config, identityProviders }, observed);
    return resources();
  };

  it("is that of the application", async () => {
    const declared = await declareShared(shared({ wiki: "30m" }));
    expect(declared["access-policy-all"]?.inputs).toMatchObject({ name: "all", sessionDuration: "30m" });
    expect(declared["access-policy-employees"]?.inputs.sessionDuration).toBe("8h");
    expect(declared["access-policy-anybody"]?.inputs.sessionDuration).toBe("24h");
  });

  it("is that of each application, by a policy for each, when they differ", async () => {
    const config = shared({ wiki: undefined, git: "30m", erp: "24h0m0s" });
    const declared = await declareShared({
      ...config,
      deviceEnrolment: { policies: ["all"], sessionDuration: "1h" },
    });
    expect(declared["access-policy-all"]?.inputs).toMatchObject({ name: "all", sessionDuration: "30m" });
    expect(declared["access-policy-all@24h"]?.inputs).toMatchObject({
      name: "all (24h)",
      sessionDuration: "24h",
    });
    const policyIds = (name: string) => declared[name]?.inputs.policies;
    const employees = { id: "access-policy-employees-id", precedence: 2 };
    const alone = (id: string) => [{ id, precedence: 1 }];
    expect(policyIds("access-application-git")).toEqual([...alone("access-policy-all-id"), employees]);
    expect(policyIds("access-application-wiki")).toEqual([...alone("access-policy-all@24h-id"), employees]);
    expect(policyIds("access-application-erp")).toEqual([...alone("access-policy-all@24h-id"), employees]);
    expect(policyIds("access-device-enrolment")).toEqual(alone("access-policy-all@1h-id"));
    expect(Object.keys(declared).filter((name) => name.startsWith("access-policy-employees"))).toHaveLength(
      1,
    );
  });
});

test("groups may have names that every object has, and name one Entra group twice", async () => {
  const groups: AccessRulesConfig["groups"] = {
    toString: { ...group, include: { groups: ["constructor"] } },
    constructor: { ...group, include: { entraGroups: ["Employees", "employees-object-id"] } },
  };
  const { entra } = identityProviders;
  const entraGroups = new Map([
    ...entra.entraGroups,
    ["employees-object-id", entra.entraGroups.get("Employees") ?? ""],
  ]);
  new Access("access", {
    accountId,
    rules: { ...rules, groups, policies: {}, applications: {} },
    identityProviders: { entra: { ...entra, entraGroups } },
  });
  const declared = await resources();
  expect(declared["access-group-constructor"]?.inputs.includes).toHaveLength(1);
  expect(declared["access-group-toString"]?.inputs.includes).toEqual([
    { group: { id: "access-group-constructor-id" } },
  ]);
});
