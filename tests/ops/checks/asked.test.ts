import { askedOf } from "../../../ops/checks/asked";

const outputs = {
  clientId: { value: "c", secret: false },
  applicationObjectId: { value: "a", secret: false },
  servicePrincipalObjectId: { value: "s", secret: false },
  identityProviderId: { value: "i", secret: false },
  credential: { value: { keyId: "k" }, secret: false },
  testUrl: { value: "u", secret: false },
};
const asked = (permissions?: object, identityProvider?: object) =>
  askedOf(
    {
      "entra-access:tenantId": "t",
      "entra-access:accountId": "c",
      "entra-access:teamName": "contoso",
      "entra-access:permissions": permissions,
      "entra-access:identityProvider": identityProvider,
    },
    outputs,
  );

test("settings say what, outputs say where", () => {
  expect(asked()).toEqual({
    tenantId: "t",
    accountId: "c",
    teamName: "contoso",
    assignedOnly: false,
    redirectUri: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
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
    supportGroups: true,
    pkceEnabled: true,
    keyId: "k",
    testUrl: "u",
  });
});

test("settings of the identity provider, as Cloudflare names them", () => {
  const settings = { displayName: "Entra", prompt: "login", claims: ["oid"], scim: { enabled: true } };
  expect(asked({}, settings).identityProvider).toMatchObject({
    name: "Entra",
    prompt: "login",
    claims: ["oid"],
    enabled: true,
  });
  expect(asked({}, { pkceEnabled: false, supportGroups: false })).toMatchObject({
    pkceEnabled: false,
    supportGroups: false,
  });
});

test("the key id of a secret under rotation", () => {
  const { credential: _, ...others } = outputs;
  const rotation = { value: { keyId: "newer" }, secret: false };
  expect(askedOf({}, { ...others, rotation }).keyId).toBe("newer");
});

test("a profile, or a list of permissions", () => {
  expect(asked({ profile: "cloudflare-current" }).permissions).toContain("GroupMember.Read.All");
  expect(asked({ profile: "cloudflare-current" }).permissions).not.toContain("Group.Read.All");
  expect(asked({ names: ["openid"] }).permissions).toEqual(["openid"]);
});
