import { deriveExpectedSignIn } from "../../../ops/checks/expected-sign-in";

const outputs = {
  clientId: { value: "c", secret: false },
  applicationObjectId: { value: "a", secret: false },
  servicePrincipalObjectId: { value: "s", secret: false },
  identityProviderId: { value: "i", secret: false },
  credential: { value: { keyId: "k" }, secret: false },
  testUrl: { value: "u", secret: false },
};
const expected = (permissions?: object, identityProvider?: object) =>
  deriveExpectedSignIn(
    {
      "entra-access:tenantId": "t",
      "entra-access:accountId": "c",
      "entra-access:teamName": "contoso",
      "entra-access:permissions": permissions,
      "entra-access:identityProvider": identityProvider,
    },
    outputs,
  );

test("combines the settings with the ids of the outputs", () => {
  expect(expected()).toEqual({
    tenantId: "t",
    applicationPermissions: [],
    idTokenClaims: [],
    conditionalAccess: [],
    authenticationContexts: [],
    accountId: "c",
    teamName: "contoso",
    assignedOnly: false,
    permissions: [
      "email",
      "openid",
      "profile",
      "offline_access",
      "User.Read",
      "Directory.Read.All",
      "Group.Read.All",
    ],
    clientId: "c",
    applicationObjectId: "a",
    servicePrincipalObjectId: "s",
    identityProviderId: "i",
    identityProvider: {
      name: "Entra ID",
      conditional_access_enabled: false,
      enabled: false,
      user_deprovision: false,
      seat_deprovision: false,
      identity_update_behavior: "no_action",
    },
    entraGroups: {},
    ownedEntraGroups: [],
    supportGroups: true,
    pkceEnabled: true,
    keyId: "k",
    testUrl: "u",
  });
});

test("translates settings of the identity provider to Cloudflare's names", () => {
  const settings = { displayName: "Entra", prompt: "login", claims: ["oid"], scim: { enabled: true } };
  expect(expected({}, settings).identityProvider).toMatchObject({
    name: "Entra",
    prompt: "login",
    claims: ["oid"],
    enabled: true,
  });
  expect(expected({}, { pkceEnabled: false, supportGroups: false })).toMatchObject({
    pkceEnabled: false,
    supportGroups: false,
  });
});

test("reads the key id from the output `rotation`", () => {
  const { credential: _, ...others } = outputs;
  const rotation = { value: { keyId: "newer" }, secret: false };
  expect(deriveExpectedSignIn({}, { ...others, rotation }).keyId).toBe("newer");
});

test("accepts a permission profile or a list of permissions", () => {
  expect(expected({ profile: "cloudflare-current" }).permissions).toContain("GroupMember.Read.All");
  expect(expected({ profile: "cloudflare-current" }).permissions).not.toContain("Group.Read.All");
  expect(expected({ names: ["openid"] }).permissions).toEqual(["openid"]);
});
