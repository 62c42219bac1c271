import { Access } from "../../components/access";
import { type AccessSettings, assignedGroups, entraGroupsOf } from "../../components/access-settings";
import { findEntraGroups } from "../../components/entra-groups";
import { accountId, answers, observed, resources, startProgram } from "../support/mocks";

beforeEach(startProgram);
// What was declared before a component threw is registered before the next program starts.
afterEach(async () => void (await resources()));

const policy = {
  decision: "allow",
  include: [],
  require: [],
  exclude: [],
  everyone: false,
  mfa: false,
} as const;
const group = { identityProvider: "entra" };
const settings = {
  groups: {
    all: { ...group, include: { groups: ["employees", "guests"] }, exclude: { entraGroups: ["Suspended"] } },
    employees: { ...group, include: { entraGroups: ["Employees"] }, require: { groups: ["dach"] } },
    guests: { identityProvider: "partners", include: { emails: ["eve@b.example", "al@b.example"] } },
    dach: { ...group, include: { countries: ["DE", "AT"], ipRanges: ["198.51.100.0/24"] } },
    backup: { ...group, include: { serviceTokens: ["token"] } },
  },
  policies: {
    all: { ...policy, include: ["all"] },
    employees: {
      ...policy,
      include: ["employees"],
      require: ["dach"],
      mfa: true,
      authenticationContext: { id: "context", acId: "c1" },
      justification: "Why?",
      approval: { approvers: ["boss@contoso.example"], needed: 2 },
      sessionDuration: "8h",
    },
    anybody: { ...policy, everyone: true },
    backup: { ...policy, decision: "service_auth", include: ["backup"] },
    public: { ...policy, decision: "bypass", everyone: true },
  },
  applications: {
    wiki: { hostnames: ["wiki.example", "docs.example/wiki"], policies: ["all", "backup"], launcher: true },
    git: {
      displayName: "Git",
      hostnames: ["git.example"],
      policies: ["employees"],
      launcher: false,
      cookie: { sameSite: "strict", binding: true },
      cors: { origins: ["https://a.example"], methods: "all", credentials: true },
    },
    nobody: { hostnames: ["nobody.example"], policies: [], launcher: true },
  },
} satisfies AccessSettings;

const identityProviders = {
  entra: {
    id: "idp",
    entraGroups: new Map([
      ["Employees", "e-id"],
      ["Suspended", "s-id"],
    ]),
  },
  partners: { id: "partners-idp", entraGroups: new Map<string, string>() },
};
const declare = async (changed: Partial<AccessSettings> = {}) => {
  const access = new Access(
    "access",
    { accountId, settings: { ...settings, ...changed }, identityProviders },
    observed,
  );
  return { access, inputs: async (name: string) => (await resources())[`access-${name}`]?.inputs };
};

describe("groups", () => {
  test("name Entra groups with the identity provider that they are of", async () => {
    const { inputs } = await declare();
    expect(await inputs("group-employees")).toEqual({
      accountId,
      name: "employees",
      includes: [{ azureAd: { id: "e-id", identityProviderId: "idp" } }],
      requires: [{ group: { id: "access-group-dach-id" } }],
    });
  });

  test("by address match only who signed in at their identity provider", async () => {
    const { inputs } = await declare();
    expect(await inputs("group-guests")).toMatchObject({
      includes: [{ email: { email: "al@b.example" } }, { email: { email: "eve@b.example" } }],
      requires: [{ loginMethod: { id: "partners-idp" } }],
    });
  });

  test("of groups and of places are bound to none, and groups come before those that name them", async () => {
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
    ["within themselves", { a: { ...group, include: { groups: ["a"] } } }, "within itself"],
    ["of unknown names", { a: { ...group, include: { groups: ["b"] } } }, 'no Access group "b"'],
    [
      "of an unknown identity provider",
      { a: { identityProvider: "x", include: {} } },
      'no identity provider "x"',
    ],
    [
      "of Entra groups that nobody looked up",
      { a: { ...group, include: { entraGroups: ["X"] } } },
      "nobody looked up",
    ],
  ])("%s throw", async (_what, groups, message) => {
    await expect(declare({ groups, policies: {}, applications: {} })).rejects.toThrow(message);
  });
});

describe("policies", () => {
  test("ask for all that was asked for", async () => {
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

  test("for everyone let in who signs in with the stack's own identity provider, and bypass whoever comes", async () => {
    const { inputs } = await declare();
    expect(await inputs("policy-anybody")).toMatchObject({
      includes: [{ everyone: {} }],
      requires: [{ loginMethod: { id: "idp" } }],
    });
    const open = await inputs("policy-public");
    expect(open).toMatchObject({ decision: "bypass", includes: [{ everyone: {} }] });
    expect(open).not.toHaveProperty("requires");
  });

  test("of service auth have the API's name for it; including nobody throws", async () => {
    const { inputs } = await declare();
    expect(await inputs("policy-backup")).toMatchObject({ decision: "non_identity" });
    await startProgram();
    await expect(declare({ policies: { x: policy }, applications: {} })).rejects.toThrow("includes nobody");
  });
});

describe("applications", () => {
  test("allow the identity providers of their policies and no other", async () => {
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

  test("without a policy have none, and still one identity provider", async () => {
    const { inputs } = await declare();
    expect(await inputs("application-nobody")).toMatchObject({
      policies: [],
      allowedIdps: ["idp"],
      autoRedirectToIdentity: true,
    });
  });

  test("take cookie, CORS and launcher settings", async () => {
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

test("the Entra groups that are needed, and those that policies let in, follow from the settings", () => {
  expect(entraGroupsOf(settings, "entra")).toEqual(["Employees", "Suspended"]);
  const found = new Map([
    ["Employees", "e-id"],
    ["Suspended", "s-id"],
  ]);
  expect(assignedGroups(settings, found)).toEqual(new Map([["e-id", "e-id"]]));
  expect(entraGroupsOf(settings, "partners")).toEqual([]);
});

describe("looking up Entra groups", () => {
  const token = "azuread:index/getGroups:getGroups";
  const found = (...names: string[]) => ({
    displayNames: names,
    objectIds: names.map((_, index) => `id-${index}`),
  });

  test("takes the one group of the very name", async () => {
    answers[token] = found("Engineers Berlin", "engineers");
    expect(await findEntraGroups(["Engineers"])).toEqual(new Map([["Engineers", "id-1"]]));
  });

  test.each([
    [
      "two of a name",
      found("Engineers", "Engineers"),
      '"Engineers": 2 groups have this name: id-0, id-1. Give the object id',
    ],
    [
      "none of the very name",
      found("Engineers Berlin"),
      'no group has this name; there is "Engineers Berlin"',
    ],
    ["none at all", new Error('No groups found with display name prefix: "Eng"'), 'none begins with "Eng"'],
    ["another failure", new Error("403 Forbidden"), "403 Forbidden"],
  ])("%s is an error that says what was found", async (_what, answer, message) => {
    answers[token] = answer;
    await expect(findEntraGroups(["Engineers"])).rejects.toThrow(message);
  });

  test("takes an object id for one, which has to be there", async () => {
    const id = "70c461b8-92ea-4fd3-9b87-c3b4ef60d297";
    answers[token] = { objectIds: [id], displayNames: ["E"] };
    expect(await findEntraGroups([id])).toEqual(new Map([[id, id]]));
    answers[token] = new Error(`No group found with object ID: "${id}"`);
    await expect(findEntraGroups([id])).rejects.toThrow(`${id}: no group has this object id`);
  });
});
