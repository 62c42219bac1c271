import { createAzureadPackage } from "../../stand-ins/azuread/package";
import { getAbsenceRule } from "../../stand-ins/bridge/resource";
import { compareProperties } from "../../stand-ins/bridge/table/diff";
import type { Table } from "../../stand-ins/bridge/table/properties";
import { UNKNOWN } from "../../stand-ins/bridge/values";
import { createCloudflarePackage } from "../../stand-ins/cloudflare/package";
import { createRandomPackage } from "../../stand-ins/random/package";
import { APPLICATION, GRANT, IDENTITY_PROVIDER, PASSWORD, SERVICE_PRINCIPAL } from "./stand-in-fixture";

type Values = Record<string, unknown>;
const packages = [createAzureadPackage(), createCloudflarePackage(), createRandomPackage()];

/** "path kind", with a trailing ! where it replaces. */
function diff(type: string, state: Values, inputs: Values): string[] {
  for (const { resources, bridge } of packages) {
    const resource = (resources as Record<string, { table: Table }>)[type];
    if (!resource) continue;
    const changes = compareProperties(resource.table, state, inputs, getAbsenceRule(bridge));
    return [...changes].map(([path, { kind, replace }]) => `${path} ${kind}${replace ? "!" : ""}`);
  }
  throw new Error(`nobody has ${type}`);
}

const web = { redirectUris: ["https://a.example/", "https://b.example/"] };
const idTokens = [{ name: "email" }, { name: "upn", additionalProperties: ["x"] }];
const access = {
  resourceAppId: "g",
  resourceAccesses: [
    { id: "1", type: "Scope" },
    { id: "2", type: "Scope" },
  ],
};
const application = {
  displayName: "Life",
  signInAudience: "AzureADMyOrg",
  preventDuplicateNames: true,
  notes: "n",
  owners: ["o"],
  tags: ["a", "b"],
  web,
  optionalClaims: { idTokens },
  requiredResourceAccesses: [access],
};
/** The same application in the form that Graph returns: sorted, with all default values. */
const read = {
  ...application,
  api: {
    knownClientApplications: [],
    mappedClaimsEnabled: false,
    oauth2PermissionScopes: [],
    requestedAccessTokenVersion: 1,
  },
  description: "",
  featureTags: [{ customSingleSignOn: false, enterprise: false, gallery: false, hide: false }],
  identifierUris: [],
  optionalClaims: {
    accessTokens: [],
    idTokens: [
      { name: "email", additionalProperties: [], essential: false, source: "" },
      { name: "upn", additionalProperties: ["x"], essential: false, source: "" },
    ],
    saml2Tokens: [],
  },
  publicClient: { redirectUris: [] },
  singlePageApplication: { redirectUris: [] },
  web: {
    ...web,
    homepageUrl: "",
    logoutUrl: "",
    implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
  },
};
const without = (name: keyof typeof application): Values => {
  const { [name]: _gone, ...rest } = application;
  return rest;
};

// What azuread 6.9.1 answered to the same questions.
const applications: [string, Values, string[]][] = [
  ["the same", application, []],
  [
    "sets in another order",
    { ...application, web: { redirectUris: [...web.redirectUris].reverse() }, tags: ["b", "a"] },
    [],
  ],
  ["another name", { ...application, displayName: "Other" }, ["displayName update"]],
  [
    "one more URI",
    { ...application, web: { redirectUris: [...web.redirectUris, "https://c.example/"] } },
    ["web.redirectUris[2] add"],
  ],
  [
    "one URI less",
    { ...application, web: { redirectUris: ["https://a.example/"] } },
    ["web.redirectUris[1] delete"],
  ],
  [
    "another URI",
    { ...application, web: { redirectUris: ["https://a.example/", "https://z.example/"] } },
    ["web.redirectUris[1] update"],
  ],
  ["no URIs", { ...application, web: {} }, ["web.redirectUris delete"]],
  ["no web block", without("web"), ["web delete"]],
  ["URIs not known yet", { ...application, web: { redirectUris: [UNKNOWN] } }, ["web.redirectUris update"]],
  [
    "implicit grant on",
    { ...application, web: { ...web, implicitGrant: { idTokenIssuanceEnabled: true } } },
    ["web.implicitGrant.idTokenIssuanceEnabled update"],
  ],
  ["no word about tags", without("tags"), []],
  ["no claims", without("optionalClaims"), ["optionalClaims delete"]],
  [
    "claims of access tokens",
    { ...application, optionalClaims: { idTokens, accessTokens: [{ name: "email" }] } },
    ["optionalClaims.accessTokens add"],
  ],
  [
    "permissions in another order, which is a list's",
    {
      ...application,
      requiredResourceAccesses: [{ ...access, resourceAccesses: [...access.resourceAccesses].reverse() }],
    },
    [
      "requiredResourceAccesses[0].resourceAccesses[0].id update",
      "requiredResourceAccesses[0].resourceAccesses[1].id update",
    ],
  ],
  ["one more owner", { ...application, owners: ["o", "p"] }, ["owners[1] add"]],
  ["no owners", without("owners"), ["owners delete"]],
  ["no notes", without("notes"), ["notes delete"]],
  ["another audience", { ...application, signInAudience: "AzureADMultipleOrgs" }, ["signInAudience update"]],
  ["duplicates allowed", without("preventDuplicateNames"), ["preventDuplicateNames update"]],
  ["hidden", { ...without("tags"), featureTags: [{ hide: true }] }, ["featureTags[0].hide update"]],
  [
    "a URI of the other kind",
    { ...application, singlePageApplication: { redirectUris: ["https://a.example/"] } },
    ["singlePageApplication.redirectUris add"],
  ],
  [
    "a scope",
    { ...application, api: { oauth2PermissionScopes: [{ id: "1" }] } },
    ["api.oauth2PermissionScopes add", "oauth2PermissionScopeIds update"],
  ],
  ["a role", { ...application, appRoles: [{ id: "1" }] }, ["appRoles add", "appRoleIds update"]],
];

test.each(applications)("an application with %s", (_what, inputs, expected) => {
  expect(diff(APPLICATION, read, inputs).sort()).toEqual([...expected].sort());
});

test("replaces a password for any change, and at every run with milliseconds", () => {
  const state = {
    applicationId: "/applications/1",
    endDate: "2099-01-01T00:00:00Z",
    rotateWhenChanged: { a: "1" },
    startDate: "x",
    displayName: "d",
  };
  const inputs = {
    applicationId: "/applications/1",
    endDate: "2099-01-01T00:00:00Z",
    rotateWhenChanged: { a: "1" },
  };
  expect(diff(PASSWORD, state, inputs)).toEqual([]);
  expect(diff(PASSWORD, state, { ...inputs, endDate: "2099-01-01T00:00:00.000Z" })).toEqual([
    "endDate update!",
  ]);
  expect(diff(PASSWORD, state, { ...inputs, rotateWhenChanged: { a: "2", b: "1" } })).toEqual([
    "rotateWhenChanged.a update!",
    "rotateWhenChanged.b add!",
  ]);
  expect(diff(PASSWORD, state, { ...inputs, rotateWhenChanged: undefined })).toEqual([
    "rotateWhenChanged.a delete!",
  ]);
  expect(diff(PASSWORD, state, { ...inputs, applicationId: UNKNOWN })).toEqual(["applicationId update!"]);
});

test("replaces a service principal with its application, and a grant with its service principals", () => {
  expect(
    diff(
      SERVICE_PRINCIPAL,
      { clientId: "a", accountEnabled: true },
      { clientId: UNKNOWN, accountEnabled: true },
    ),
  ).toEqual(["clientId update!"]);
  const state = {
    claimValues: ["email", "openid"],
    servicePrincipalObjectId: "a",
    resourceServicePrincipalObjectId: "b",
    userObjectId: "",
  };
  const inputs = {
    claimValues: ["openid", "email"],
    servicePrincipalObjectId: "a",
    resourceServicePrincipalObjectId: "b",
  };
  expect(diff(GRANT, state, inputs)).toEqual([]);
  expect(diff(GRANT, state, { ...inputs, claimValues: ["openid", "profile", "email"] })).toEqual([
    "claimValues[1] add",
  ]);
  expect(diff(GRANT, state, { ...inputs, servicePrincipalObjectId: "c" })).toEqual([
    "servicePrincipalObjectId update!",
  ]);
});

describe("an identity provider", () => {
  const inputs = {
    accountId: "a",
    name: "Entra ID",
    type: "azureAD",
    config: { clientId: "c", clientSecret: "s", pkceEnabled: true },
    scimConfig: { enabled: true },
  };
  const state = {
    ...inputs,
    config: { ...inputs.config, redirectUrl: "https://team/callback" },
    scimConfig: {
      enabled: true,
      identityUpdateBehavior: "no_action",
      seatDeprovision: false,
      userDeprovision: false,
      secret: "x",
      scimBaseUrl: "y",
    },
  };

  test.each<[string, Values, Values, string[]]>([
    ["as it is", state, inputs, []],
    [
      "with another secret",
      state,
      { ...inputs, config: { ...inputs.config, clientSecret: "t" } },
      ["config.clientSecret update"],
    ],
    [
      "whose secret the API masks",
      { ...state, config: { ...state.config, clientSecret: "****" } },
      inputs,
      ["config.clientSecret update"],
    ],
    [
      "answered without PKCE",
      { ...state, config: { clientId: "c", clientSecret: "s" } },
      inputs,
      ["config.pkceEnabled add"],
    ],
    [
      "answered with claims unasked",
      { ...state, config: { ...state.config, claims: [] } },
      inputs,
      ["config.claims delete"],
    ],
    [
      "answered with a prompt unasked",
      { ...state, config: { ...state.config, prompt: "" } },
      inputs,
      ["config.prompt delete"],
    ],
    ["with no word about SCIM", state, { ...inputs, scimConfig: undefined }, []],
    ["in another account", state, { ...inputs, accountId: "b" }, ["accountId update!"]],
    ["of another type", state, { ...inputs, type: "saml" }, ["type update!"]],
  ])("%s", (_what, have, wanted, expected) =>
    expect(diff(IDENTITY_PROVIDER, have, wanted)).toEqual(expected),
  );
});

test("replaces for changed keepers, unless they are empty", () => {
  const uuid = "random:index/randomUuid:RandomUuid";
  expect(diff(uuid, { result: "r" }, { keepers: { a: "1" } })).toEqual(["keepers add!"]);
  expect(diff(uuid, { result: "r" }, { keepers: {} })).toEqual(["keepers add"]);
  expect(diff(uuid, { result: "r", keepers: { a: "1" } }, { keepers: { a: "2" } })).toEqual([
    "keepers.a update!",
  ]);
});
