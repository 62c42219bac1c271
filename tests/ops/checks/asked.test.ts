import { askedOf } from "../../../ops/checks/asked";

const outputs = {
  clientId: { value: "c", secret: false },
  applicationObjectId: { value: "a", secret: false },
  servicePrincipalObjectId: { value: "s", secret: false },
  identityProviderId: { value: "i", secret: false },
};
const asked = (permissions?: object) =>
  askedOf(
    {
      "entra-access:tenantId": "t",
      "entra-access:teamName": "contoso",
      "entra-access:permissions": permissions,
    },
    outputs,
  );

test("settings say what, outputs say where", () => {
  expect(asked()).toEqual({
    tenantId: "t",
    teamName: "contoso",
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
  });
});

test("a profile, or a list of permissions", () => {
  expect(asked({ profile: "cloudflare-current" }).permissions).toContain("GroupMember.Read.All");
  expect(asked({ profile: "cloudflare-current" }).permissions).not.toContain("Group.Read.All");
  expect(asked({ names: ["openid"] }).permissions).toEqual(["openid"]);
});
