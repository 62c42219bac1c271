import { createAzureadPackage } from "../../stand-ins/azuread/package";
import { StandIn } from "../../stand-ins/bridge/stand-in";
import { markSecret, UNKNOWN } from "../../stand-ins/bridge/values";
import { createCloudflarePackage } from "../../stand-ins/cloudflare/package";
import { createRandomPackage } from "../../stand-ins/random/package";
import {
  APPLICATION,
  GRANT,
  IDENTITY_PROVIDER,
  PASSWORD,
  SERVICE_PRINCIPAL,
  SOME_GUID,
  urn,
} from "./stand-in-fixture";

const STRING = "random:index/randomString:RandomString";
const standIns = [
  new StandIn(createAzureadPackage()),
  new StandIn(createCloudflarePackage()),
  new StandIn(createRandomPackage()),
];

function check(type: string, inputs: Record<string, unknown>, olds?: Record<string, unknown>) {
  const standIn = standIns.find(({ definition }) => type in definition.resources);
  if (!standIn) throw new Error(`no stand-in has ${type}`);
  const { inputs: checked, failures } = standIn.check(urn(type), inputs, olds);
  return { checked, reasons: failures };
}

const app = { displayName: "a" };
const password = { applicationId: `/applications/${SOME_GUID}` };
const idp = { accountId: "a", name: "n", type: "azureAD", config: {} };

// The wording is the real plugins', taken from runs of azuread 6.9.1 and random 4.21.2 beside the stand-ins.
const refused: [string, string, Record<string, unknown>, string[]][] = [
  ["a missing name", APPLICATION, {}, ['The argument "display_name" is required', "'it.displayName'"]],
  ["an unknown property", APPLICATION, { ...app, nme: "x" }, ["Invalid or unknown key", "'it.nme'"]],
  [
    "an unknown nested property",
    APPLICATION,
    { ...app, web: { uris: [] } },
    ["Invalid or unknown key", "'it.web.uris'"],
  ],
  [
    "an output",
    APPLICATION,
    { ...app, objectId: "x" },
    ["Value for unconfigurable attribute", "'it.objectId'"],
  ],
  [
    "what the stand-in cannot do",
    APPLICATION,
    { ...app, password: { displayName: "x" } },
    ["The stand-in plugin does not support this property", "'it.password'"],
  ],
  [
    "an audience that does not exist",
    APPLICATION,
    { ...app, signInAudience: "Everyone" },
    ['expected sign_in_audience to be one of ["AzureADMyOrg" "AzureADMultipleOrgs"', "got Everyone"],
  ],
  [
    "group claims in the wrong case",
    APPLICATION,
    { ...app, groupMembershipClaims: ["securitygroup"] },
    ["expected group_membership_claims.0 to be one of", "Examine values at 'it.groupMembershipClaims'."],
  ],
  [
    "an owner that is no GUID",
    APPLICATION,
    { ...app, owners: ["me"] },
    [`expected "owners.0" to be a valid UUID, got me. Examine values at 'it.owners'.`],
  ],
  [
    "a redirect URI without a path",
    APPLICATION,
    { ...app, web: { redirectUris: ["https://a.example"] } },
    ['URI must have a trailing slash when there is no path segment for "web.0.redirect_uris.0"'],
  ],
  [
    "a redirect URI of another scheme",
    APPLICATION,
    { ...app, web: { redirectUris: ["ftp://a.example/"] } },
    ['unexpected URI scheme for "web.0.redirect_uris.0", expected one of: http, https'],
  ],
  [
    "a permission without its type",
    APPLICATION,
    {
      ...app,
      requiredResourceAccesses: [{ resourceAppId: SOME_GUID, resourceAccesses: [{ id: SOME_GUID }] }],
    },
    ['"required_resource_access.0.resource_access.0.type" is required', "'it.requiredResourceAccesses'"],
  ],
  ["a block that is a word", APPLICATION, { ...app, web: "x" }, ["Expected object, got string", "'it.web'"]],
  [
    "a switch that is neither on nor off",
    APPLICATION,
    { ...app, preventDuplicateNames: "maybe" },
    [`cannot parse '' as bool: strconv.ParseBool: parsing "maybe": invalid syntax`],
  ],
  [
    "a bare application id",
    PASSWORD,
    { applicationId: SOME_GUID },
    ["parsing the Application ID", "'it.applicationId'"],
  ],
  [
    "an end that is no instant",
    PASSWORD,
    { ...password, endDate: "2099-01-01" },
    ['expected "end_date" to be a valid RFC3339 date, got "2099-01-01"'],
  ],
  [
    "two ends",
    PASSWORD,
    { ...password, endDate: "2099-01-01T00:00:00Z", endDateRelative: "1h" },
    ['"end_date": conflicts with end_date_relative', '"end_date_relative": conflicts with end_date'],
  ],
  [
    "a client id that is no GUID",
    SERVICE_PRINCIPAL,
    { clientId: "x" },
    ['expected "client_id" to be a valid UUID'],
  ],
  [
    "a consent to nothing",
    GRANT,
    { claimValues: [], resourceServicePrincipalObjectId: SOME_GUID, servicePrincipalObjectId: SOME_GUID },
    ["Attribute claim_values requires 1 item minimum, but config has only 0 declared."],
  ],
  [
    "an identity provider without config",
    IDENTITY_PROVIDER,
    { ...idp, config: undefined },
    ["property 'config'"],
  ],
  [
    "an unknown kind of identity provider",
    IDENTITY_PROVIDER,
    { ...idp, type: "entra" },
    ['Attribute type value must be one of: ["onetimepin" "azureAD"', 'got: "entra"'],
  ],
  [
    "an unknown prompt",
    IDENTITY_PROVIDER,
    { ...idp, config: { prompt: "always" } },
    ['Attribute config.prompt value must be one of: ["login" "select_account" "none"], got: "always"'],
  ],
  [
    "a setting of another kind",
    IDENTITY_PROVIDER,
    { ...idp, config: { oktaAccount: "x" } },
    ['"config.okta_account" can only be set if "type" is one of: "okta"', "'it.config.oktaAccount'"],
  ],
  [
    "SCIM of one-time PINs",
    IDENTITY_PROVIDER,
    { ...idp, type: "onetimepin", config: {}, scimConfig: { enabled: false } },
    ['"scim_config" can not be set if "type" is one of: "onetimepin"', "'it.scimConfig'"],
  ],
  [
    "a SCIM secret",
    IDENTITY_PROVIDER,
    { ...idp, scimConfig: { secret: "x" } },
    ["Read-Only", "'it.scimConfig.secret'"],
  ],
  ["no length", STRING, {}, ["Missing required property 'length': The length of the string desired."]],
  ["no length at all", STRING, { length: 0 }, ["Attribute length value must be at least 1, got: 0"]],
  [
    "a minimum of capital letters, which the stack does not ask for",
    STRING,
    { length: 3, minUpper: 1 },
    ["minUpper"],
  ],
  [
    "no characters",
    STRING,
    { length: 3, upper: false, lower: false, numeric: false, special: false },
    ["At least one attribute out of [special,upper,lower,numeric] must be specified as true"],
  ],
];

test.each(refused)("refuses %s", (_what, type, inputs, expected) => {
  const { reasons } = check(type, inputs);
  const all = reasons.join("\n");
  for (const part of expected) expect(all).toContain(part);
});

test("reports all failures at once, missing arguments last", () => {
  const { reasons } = check(APPLICATION, { signInAudience: "x", owners: ["y"] });
  expect(reasons).toHaveLength(3);
  expect(reasons[2]).toContain("display_name");
});

test("adds the real plugin's defaults to the inputs, and lists them", () => {
  expect(check(SERVICE_PRINCIPAL, { clientId: SOME_GUID }).checked).toEqual({
    __defaults: ["accountEnabled"],
    accountEnabled: true,
    clientId: SOME_GUID,
  });
  expect(check(APPLICATION, { ...app, api: {} }).checked).toEqual({
    __defaults: ["signInAudience"],
    displayName: "a",
    signInAudience: "AzureADMyOrg",
    api: { __defaults: ["requestedAccessTokenVersion"], requestedAccessTokenVersion: 1 },
  });
  // The framework's bridge leaves defaults to the plan.
  expect(check(IDENTITY_PROVIDER, { ...idp, scimConfig: {} }).checked).toEqual({ ...idp, scimConfig: {} });
});

test("converts scalars like the bridge", () => {
  const { checked, reasons } = check(PASSWORD, {
    ...password,
    rotateWhenChanged: { generation: 2, on: true },
  });
  expect(reasons).toEqual([]);
  expect(checked.rotateWhenChanged).toEqual({ generation: "2", on: "true" });
});

test("accepts unknown values anywhere", () => {
  const unknown = {
    displayName: UNKNOWN,
    owners: [UNKNOWN],
    web: UNKNOWN,
    api: { requestedAccessTokenVersion: UNKNOWN },
  };
  expect(check(APPLICATION, unknown).reasons).toEqual([]);
});

test("marks only the client secret: the engine keeps the program's marks, because the plugin accepts none", () => {
  const { checked } = check(IDENTITY_PROVIDER, { ...idp, config: { clientId: "c", clientSecret: "s" } });
  expect(checked.config).toEqual({ clientId: "c", clientSecret: markSecret("s") });
  expect(checked.type).toBe("azureAD");
});

test("replaces a default, but not a configured value, by the refreshed one", () => {
  const olds = { __defaults: ["accountEnabled"], clientId: SOME_GUID, accountEnabled: false };
  expect(check(SERVICE_PRINCIPAL, { clientId: SOME_GUID }, olds).checked).toMatchObject({
    __defaults: ["accountEnabled"],
    accountEnabled: false,
  });
  expect(check(SERVICE_PRINCIPAL, { clientId: SOME_GUID, accountEnabled: true }, olds).checked).toMatchObject(
    {
      __defaults: [],
      accountEnabled: true,
    },
  );
});
