import { holds, inventory, readBack } from "../../../ops/checks/readback";
import type { Clouds } from "../../../ops/clients/clouds";

const GRAPH = "00000003-0000-0000-c000-000000000000";
const asked = {
  tenantId: "tenant",
  teamName: "contoso",
  redirectUri: "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback",
  permissions: ["openid", "User.Read"],
  clientId: "client",
  applicationObjectId: "app",
  servicePrincipalObjectId: "sp",
  identityProviderId: "idp",
};

/** What both clouds hold when everything is as asked. */
const good = () => ({
  application: {
    appId: "client",
    signInAudience: "AzureADMyOrg",
    web: {
      redirectUris: [asked.redirectUri],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    spa: { redirectUris: [] as string[] },
    requiredResourceAccess: [
      { resourceAppId: GRAPH, resourceAccess: ["1", "2"].map((id) => ({ id, type: "Scope" })) },
    ],
  },
  grant: { id: "g", consentType: "AllPrincipals", resourceId: "graph", scope: "User.Read openid" },
  provider: {
    id: "idp",
    name: "Entra ID",
    type: "azureAD",
    config: { client_id: "client", directory_id: "tenant", support_groups: true, pkce_enabled: true },
  },
});

function clouds({ application, grant, provider }: ReturnType<typeof good>): Clouds {
  const scopes = { openid: "1", "User.Read": "2", email: "3" };
  const oauth2PermissionScopes = Object.entries(scopes).map(([value, id]) => ({ id, value }));
  const graph: Record<string, unknown> = {
    "/applications/app": application,
    [`/servicePrincipals?$filter=appId eq '${GRAPH}'`]: { value: [{ id: "graph", oauth2PermissionScopes }] },
    "/oauth2PermissionGrants?$filter=clientId eq 'sp'": { value: [grant] },
    "/applications": { value: [{ id: "app", displayName: "App" }] },
    "/servicePrincipals": { value: [] },
    "/oauth2PermissionGrants": { value: [{ id: "g" }] },
  };
  const identityProviders = { get: async () => provider, list: () => [provider] };
  return {
    accountId: "account",
    graph: { api: (path: string) => ({ get: async () => graph[path] }) },
    cloudflare: { zeroTrust: { identityProviders } },
  } as unknown as Clouds;
}

test("everything as asked: every check holds and says what it found", async () => {
  const checks = await readBack(clouds(good()), asked);
  expect(checks.filter((check) => !holds(check))).toEqual([]);
  expect(checks.map(({ subject, found }) => `${subject}: ${found}`)).toContain(
    "Entra admin consent, permissions: User.Read openid",
  );
});

type Found = ReturnType<typeof good>;
test.each<[string, (found: Found) => void, string]>([
  ["client id", ({ application }) => (application.appId = "other"), "Entra application, client id"],
  [
    "another redirect URI beside ours",
    ({ application }) => application.web.redirectUris.push("https://x.example"),
    "Entra application, redirect URIs (web)",
  ],
  [
    "a redirect URI of another platform",
    ({ application }) => application.spa.redirectUris.push("https://x.example"),
    "Entra application, redirect URIs (SPA, public client)",
  ],
  [
    "audience",
    ({ application }) => (application.signInAudience = "AzureADMultipleOrgs"),
    "Entra application, audience",
  ],
  [
    "implicit grant",
    ({ application }) => (application.web.implicitGrantSettings.enableIdTokenIssuance = true),
    "Entra application, implicit grant of id tokens",
  ],
  [
    "a permission too many",
    ({ application }) =>
      application.requiredResourceAccess[0]?.resourceAccess.push({ id: "3", type: "Scope" }),
    "Entra application, permissions asked for",
  ],
  [
    "an application permission of the same id",
    ({ application }) =>
      application.requiredResourceAccess.push({
        resourceAppId: GRAPH,
        resourceAccess: [{ id: "1", type: "Role" }],
      }),
    "Entra application, permissions asked for",
  ],
  [
    "consent for one person",
    ({ grant }) => (grant.consentType = "Principal"),
    "Entra admin consent, for whom",
  ],
  [
    "consent to another API",
    ({ grant }) => (grant.resourceId = "other"),
    "Entra admin consent, for which API",
  ],
  ["a scope missing", ({ grant }) => (grant.scope = "openid"), "Entra admin consent, permissions"],
  ["type", ({ provider }) => (provider.type = "oidc"), "Cloudflare identity provider, type"],
  [
    "client id",
    ({ provider }) => (provider.config.client_id = ""),
    "Cloudflare identity provider, client id",
  ],
  [
    "directory",
    ({ provider }) => (provider.config.directory_id = "x"),
    "Cloudflare identity provider, directory id",
  ],
  [
    "groups off",
    ({ provider }) => (provider.config.support_groups = false),
    "Cloudflare identity provider, support groups",
  ],
  [
    "PKCE off",
    ({ provider }) => (provider.config.pkce_enabled = false),
    "Cloudflare identity provider, PKCE",
  ],
])("%s: exactly that check fails", async (_name, change, subject) => {
  const found = good();
  change(found);
  const wrong = (await readBack(clouds(found), asked)).filter((check) => !holds(check));
  expect(wrong.map((check) => check.subject)).toEqual([subject]);
});

test("the inventory names all that the stack could leave behind", async () => {
  expect(await inventory(clouds(good()))).toEqual([
    "applications App app",
    "identity_providers Entra ID idp",
    "oauth2PermissionGrants  g",
  ]);
});
