import * as pulumi from "@pulumi/pulumi";
import { EntraApplication } from "../../../components/entra/application";
import type { EntraApplicationArgs } from "../../../components/entra/application-args";
import {
  answers,
  deployerObjectId,
  microsoftGraphObjectId,
  observed,
  resolved,
  resources,
  startProgram,
  tenantId,
} from "../../support/mocks";

const args: EntraApplicationArgs = {
  displayName: "Cloudflare Access (contoso)",
  teamName: "contoso",
  clientSecret: { endDate: "2027-05-01T00:00:00Z" },
};
const declare = async (changed: Partial<EntraApplicationArgs> = {}) => {
  const application = new EntraApplication("entra", { ...args, ...changed }, observed);
  return { application, declared: await resources() };
};

beforeEach(startProgram);

test("declares exactly the app registration, service principal, client secret and admin consent", async () => {
  const { declared } = await declare();
  expect(Object.fromEntries(Object.entries(declared).map(([name, { type }]) => [name, type]))).toEqual({
    entra: "entra-access:index:EntraApplication",
    "entra-application": "azuread:index/application:Application",
    "entra-service-principal": "azuread:index/servicePrincipal:ServicePrincipal",
    "entra-credential": "azuread:index/applicationPassword:ApplicationPassword",
    "entra-admin-consent":
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
  });
});

test("the app registration follows the tutorial, with a single tenant and without implicit grant", async () => {
  const { declared } = await declare();
  const scope = (id: string) => ({ id, type: "Scope" });
  expect(declared["entra-application"]?.inputs).toEqual({
    displayName: "Cloudflare Access (contoso)",
    preventDuplicateNames: true,
    signInAudience: "AzureADMyOrg",
    web: {
      redirectUris: ["https://contoso.cloudflareaccess.com/cdn-cgi/access/callback"],
      implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    },
    requiredResourceAccesses: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [
          scope("64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0"),
          scope("37f7f235-527c-4136-accd-4a02d197296e"),
          scope("14dad69e-099b-42c9-810b-d002981feec1"),
          scope("7427e0e9-2fba-42fe-b0c0-848c9e6a8182"),
          scope("e1fe6dd8-ba31-4d61-89e7-88639da4683d"),
          scope("06da0dbc-49e2-44d2-8312-53f166ab848a"),
          scope("5f8c59db-677d-491f-a6b8-5f174b11ec1d"),
        ],
      },
    ],
    owners: [deployerObjectId],
    tags: ["entra-access:entra-access/test"],
  });
});

test("the consent covers the same permissions for the whole tenant, with Microsoft Graph as a data source", async () => {
  const { declared } = await declare();
  expect(declared["entra-admin-consent"]?.inputs).toEqual({
    servicePrincipalObjectId: "entra-service-principal-object",
    resourceServicePrincipalObjectId: microsoftGraphObjectId,
    claimValues: [
      "email",
      "openid",
      "profile",
      "offline_access",
      "User.Read",
      "Directory.Read.All",
      "Group.Read.All",
    ],
  });
});

test("for authentication contexts it gets the application permission, with its consent", async () => {
  const { declared } = await declare({ readsConditionalAccess: true });
  const role = { id: "37730810-e9ba-4e46-b07e-8ca78d182097", type: "Role" };
  expect(declared["entra-application"]?.inputs).toMatchObject({
    requiredResourceAccesses: [{ resourceAccesses: expect.arrayContaining([role]) }],
  });
  expect(declared["entra-conditional-access-consent"]?.inputs).toEqual({
    appRoleId: role.id,
    principalObjectId: "entra-service-principal-object",
    resourceObjectId: microsoftGraphObjectId,
  });
});

test("the client secret is a resource with an explicit expiry; the service principal has the same owners", async () => {
  const { declared } = await declare();
  expect(declared["entra-credential"]?.inputs).toEqual({
    applicationId: "entra-application-id",
    displayName: "entra-access:entra-access/test#1 cloudflare-access",
    endDate: "2027-05-01T00:00:00Z",
    rotateWhenChanged: { rotation: "1" },
  });
  expect(declared["entra-service-principal"]?.inputs).toEqual({
    clientId: "entra-application-client",
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    owners: [deployerObjectId],
  });
});

test("the children are deleted with the application", async () => {
  const { declared } = await declare();
  for (const name of ["entra-service-principal", "entra-credential", "entra-admin-consent"]) {
    const deletedWith = declared[name]?.opts.deletedWith as pulumi.Resource;
    expect(await resolved(deletedWith.urn)).toContain("::entra-application");
  }
  expect(declared["entra-credential"]?.opts).toMatchObject({
    additionalSecretOutputs: ["value"],
    retainOnDelete: true,
  });
});

test.each([
  [undefined, true],
  [false, false],
])("protect: %s covers all but the client secret, which gets replaced", async (protect, expected) => {
  const { declared } = await declare(protect === undefined ? {} : { protect });
  const protects = Object.entries(declared).map(([name, { opts }]) => [name, opts.protect]);
  expect(Object.fromEntries(protects)).toEqual({
    entra: undefined,
    "entra-application": expected,
    "entra-service-principal": expected,
    "entra-credential": undefined,
    "entra-admin-consent": expected,
  });
});

test.each([
  ["Access", {}, true, false],
  ["Owners' Access", {}, false, true],
  // The suffix makes it unique.
  ["Owners' Access", { uniqueSuffix: true }, false, false],
])(
  "duplicates of the name %j, %j are refused by the provider: %s, by hooks: %s",
  async (displayName, more, ...expected) => {
    answers["azuread:index/getApplication:getApplication"] = new Error("no applications found");
    const { declared } = await declare({ displayName, ...more });
    const { inputs, opts } = declared["entra-application"] ?? {};
    expect([inputs?.preventDuplicateNames, opts?.hooks !== undefined]).toEqual(expected);
  },
);

test.each([
  [{ emailClaimName: "upn" }, ["upn"]],
  [{ emailClaimName: "email" }, ["email"]],
  [{ emailClaimName: "email", emailClaim: true }, ["email"]],
  [{ emailClaimName: "upn", emailClaim: true }, ["email", "upn"]],
  [{ emailClaimName: "preferred_username" }, undefined],
  [{ emailClaimName: "mapped_by_the_tenant" }, undefined],
  [{ emailClaimName: "constructor" }, undefined],
])("%j requests the optional claims %j for the id tokens", async (changed, expected) => {
  const { inputs, opts } = (await declare(changed)).declared["entra-application"] ?? {};
  const { idTokens } = (inputs?.optionalClaims ?? {}) as { idTokens?: { name: string }[] };
  expect(idTokens?.map(({ name }) => name)).toEqual(expected);
  // Without one, the claims stay as they are.
  expect(String(opts?.ignoreChanges).split(",").includes("optionalClaims")).toBe(expected === undefined);
});

test("the redirect URI of the next team name is registered as well, and the output stays", async () => {
  const { application, declared } = await declare({ nextTeamName: "contoso-eu" });
  expect(declared["entra-application"]?.inputs.web).toMatchObject({
    redirectUris: [
      "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
      "https://contoso-eu.cloudflareaccess.com/cdn-cgi/access/callback",
    ],
  });
  expect(await resolved(application.redirectUri)).toContain("//contoso.cloudflareaccess.com/");
});

test("permissions, owners, email claim, mark and client secret can be set", async () => {
  const { declared } = await declare({
    permissions: ["openid", "GroupMember.Read.All"],
    owners: [deployerObjectId, "5b6c7d8e-0000-4000-8000-000000000001"],
    emailClaim: true,
    mark: "ours",
    clientSecret: { endDate: "2027-05-01T00:00:00Z", number: 2 },
  });
  expect(declared["entra-application"]?.inputs).toMatchObject({
    optionalClaims: { idTokens: [{ name: "email", essential: false }] },
    owners: [deployerObjectId, "5b6c7d8e-0000-4000-8000-000000000001"],
    tags: ["ours"],
    requiredResourceAccesses: [
      {
        resourceAccesses: [
          { id: "37f7f235-527c-4136-accd-4a02d197296e", type: "Scope" },
          { id: "bc024368-1153-4739-b217-4326f2e966d0", type: "Scope" },
        ],
      },
    ],
  });
  expect(declared["entra-admin-consent"]?.inputs).toMatchObject({
    claimValues: ["openid", "GroupMember.Read.All"],
  });
  expect(declared["entra-credential"]?.inputs).toMatchObject({
    displayName: "ours#2 cloudflare-access",
    rotateWhenChanged: { rotation: "2" },
  });
});

test.each<[string, string[] | undefined, number]>([
  ["the default", undefined, 0],
  ["a list with the deployer", ["5b6c7d8e-0000-4000-8000-000000000001", deployerObjectId], 0],
  ["a list without the deployer", ["5b6c7d8e-0000-4000-8000-000000000001"], 1],
])("owners: %s", async (_case, owners, warnings) => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  await declare(owners ? { owners } : {});
  expect(warn).toHaveBeenCalledTimes(warnings);
  if (warnings)
    expect(warn.mock.calls[0]?.[0]).toContain(`application.owners do not include ${deployerObjectId}`);
  warn.mockRestore();
});

test("a unique suffix is a random string at the end of the display name", async () => {
  const { declared } = await declare({ uniqueSuffix: true });
  expect(declared["entra-name-suffix"]).toMatchObject({
    type: "random:index/randomString:RandomString",
    inputs: { length: 6, upper: false, special: false },
  });
  expect(declared["entra-application"]?.inputs).toMatchObject({
    displayName: "Cloudflare Access (contoso) a1b2c3",
  });
});

test("outputs what the identity provider needs, the client secret as a secret", async () => {
  const { application } = await declare();
  expect({
    clientId: await resolved(application.clientId),
    tenantId: await resolved(application.tenantId),
    clientSecret: await resolved(application.clientSecret),
    redirectUri: await resolved(application.redirectUri),
    clientSecretKeyId: await resolved(application.clientSecretKeyId),
    clientSecretEndDate: await resolved(application.clientSecretEndDate),
  }).toEqual({
    clientId: "entra-application-client",
    tenantId,
    clientSecret: "the-client-secret",
    redirectUri: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
    clientSecretKeyId: "entra-credential-key",
    clientSecretEndDate: "2027-05-01T00:00:00Z",
  });
  expect(await pulumi.isSecret(application.clientSecret)).toBe(true);
});

test.each(["2027-05-01T00:00:00.000Z", "2027-05-01", "2027-05-01T00:00:00+02:00", "2027-13-01T00:00:00Z"])(
  "an end date of %s is refused",
  (endDate) => {
    expect(() => new EntraApplication("entra", { ...args, clientSecret: { endDate } }, observed)).toThrow(
      `clientSecret.endDate must be a UTC time in whole seconds, e.g. "2027-05-01T00:00:00Z"; found "${endDate}"`,
    );
  },
);

test("an unknown permission is refused with the nearest match", () => {
  expect(() => new EntraApplication("entra", { ...args, permissions: ["Group.Read.Al"] }, observed)).toThrow(
    'unknown delegated Microsoft Graph permission "Group.Read.Al"; did you mean "Group.Read.All"?',
  );
});
