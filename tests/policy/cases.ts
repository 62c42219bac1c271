/** The circumstances in which a rule judges a resource. */
export interface Options {
  name?: string;
  protect?: boolean;
  config?: Record<string, unknown>;
  /** The config of the stack. */
  stack?: Record<string, string>;
}

export const application = "azuread:index/application:Application";
export const grant =
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant";
const password = "azuread:index/applicationPassword:ApplicationPassword";
const assignment = "azuread:index/appRoleAssignment:AppRoleAssignment";
export const identityProvider =
  "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";
const accessApplication = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
export const accessPolicy = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
const accessGroup = "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup";
const entraGroup = "azuread:index/group:Group";
export const conditionalAccess = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

export const requested = (id: string, type = "Scope", api = "00000003-0000-0000-c000-000000000000") => ({
  requiredResourceAccesses: [{ resourceAppId: api, resourceAccesses: [{ id, type }] }],
});
const redirects = (...redirectUris: string[]) => ({ web: { redirectUris } });
const entra = (config: object, scimConfig = {}) => ({ type: "azureAD", config, scimConfig });
const openId = "37f7f235-527c-4136-accd-4a02d197296e";
const callback = "https://contoso.cloudflareaccess.com/cdn-cgi/access/callback";

/** Each case: the rule, the type, what passes, what fails in one field more, and the violation. */
export const cases: [
  rule: string,
  type: string,
  passing: object,
  failing: object,
  violation: string,
  options?: Options,
][] = [
  [
    "no-implicit-grant",
    application,
    { web: { implicitGrant: { idTokenIssuanceEnabled: false } } },
    { web: { implicitGrant: { idTokenIssuanceEnabled: true } } },
    "web.implicitGrant.idTokenIssuanceEnabled must be false; found true",
  ],
  [
    "no-implicit-grant",
    application,
    { web: { implicitGrant: { accessTokenIssuanceEnabled: false } } },
    { web: { implicitGrant: { accessTokenIssuanceEnabled: true } } },
    "web.implicitGrant.accessTokenIssuanceEnabled must be false; found true",
  ],
  [
    "single-tenant",
    application,
    { signInAudience: "AzureADMyOrg" },
    { signInAudience: "AzureADMultipleOrgs" },
    'signInAudience must be one of AzureADMyOrg; found "AzureADMultipleOrgs"',
  ],
  [
    "exact-redirect-uris",
    application,
    redirects(callback),
    redirects(callback.replace("https", "http")),
    `web.redirectUris must use https; found "${callback.replace("https", "http")}"`,
  ],
  [
    "exact-redirect-uris",
    application,
    redirects(callback),
    redirects(`${callback}/other`),
    `web.redirectUris must end with /cdn-cgi/access/callback; found "${callback}/other"`,
  ],
  [
    "exact-redirect-uris",
    application,
    redirects(callback),
    redirects(callback.replace("contoso", "*")),
    `web.redirectUris must have no wildcard; found "${callback.replace("contoso", "*")}"`,
  ],
  [
    "exact-redirect-uris",
    application,
    redirects(callback),
    redirects(callback.replace("contoso", "c0ntoso")),
    `web.redirectUris must be that of contoso; found "${callback.replace("contoso", "c0ntoso")}"`,
    { config: { teams: ["contoso"] } },
  ],
  [
    "exact-redirect-uris",
    "azuread:index/applicationRedirectUris:ApplicationRedirectUris",
    { redirectUris: [callback] },
    { redirectUris: ["contoso"] },
    'redirectUris must be an address; found "contoso"',
  ],
  [
    "allowed-permissions",
    application,
    requested(openId),
    requested("570282fd-fa5c-430d-a7fd-fc8dc98a9dca"),
    "requiredResourceAccesses must not contain 570282fd-fa5c-430d-a7fd-fc8dc98a9dca, which is not among those allowed",
  ],
  [
    "allowed-permissions",
    application,
    requested(openId),
    requested(openId, "Role"),
    `requiredResourceAccesses must not contain the application permission ${openId}`,
  ],
  [
    "allowed-permissions",
    grant,
    { claimValues: ["openid", "User.Read"] },
    { claimValues: ["openid", "Mail.Read"] },
    "claimValues must not contain Mail.Read, which is not among those allowed",
  ],
  [
    "no-escalation",
    application,
    requested(openId, "Role"),
    requested("06b708a9-e830-4db3-a914-8e69da51d44f", "Role"),
    "must not have AppRoleAssignment.ReadWrite.All: its holder grants itself any application permission",
  ],
  [
    "no-escalation",
    grant,
    { claimValues: ["User.Read"] },
    { claimValues: ["Directory.AccessAsUser.All"] },
    "must not have Directory.AccessAsUser.All: its holder does everything that the signed-in administrator can",
  ],
  [
    "no-escalation",
    assignment,
    { appRoleId: openId },
    { appRoleId: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8" },
    "must not have RoleManagement.ReadWrite.Directory: its holder makes itself Global Administrator",
  ],
  [
    "client-secret-lifetime",
    password,
    { endDate: "2027-05-30T12:00:00Z" },
    { endDate: "2027-05-30T12:00:01Z" },
    "endDate must be within 180 days; found 2027-05-30",
  ],
  [
    "client-secret-lifetime",
    "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
    { endDateRelative: "4320h" },
    { endDateRelative: "17520h" },
    "endDate must be within 180 days; found 2028-11-30",
  ],
  [
    "client-secret-lifetime",
    password,
    { endDate: "2027-01-01" },
    {},
    "endDate must be within 180 days; found no end date",
  ],
  [
    "no-inline-client-secret",
    application,
    {},
    { password: { displayName: "inline" } },
    "password must not be set; use an ApplicationPassword",
  ],
  [
    "pkce",
    identityProvider,
    entra({ pkceEnabled: true }),
    entra({ pkceEnabled: false }),
    "config.pkceEnabled must be true",
  ],
  [
    "support-groups",
    identityProvider,
    entra({ supportGroups: true }),
    entra({}),
    "config.supportGroups must be true",
  ],
  [
    "scim-deprovisioning",
    identityProvider,
    entra({}, { enabled: true, userDeprovision: true }),
    entra({}, { enabled: true, userDeprovision: false }),
    "scimConfig.userDeprovision must be true where scimConfig.enabled is",
  ],
  [
    "no-open-door",
    accessPolicy,
    { decision: "allow" },
    { decision: "bypass" },
    'decision must not be "bypass"',
  ],
  [
    "no-open-door",
    accessPolicy,
    { decision: "deny", includes: [{ everyone: {} }] },
    { decision: "allow", includes: [{ everyone: {} }] },
    "includes must not contain everyone",
  ],
  [
    "no-open-door",
    accessGroup,
    { includes: [{ ip: { ip: "198.51.100.0/24" } }] },
    { includes: [{ ip: { ip: "0.0.0.0/0" } }] },
    "includes must not contain the range 0.0.0.0/0",
  ],
  [
    "restricted-applications",
    accessApplication,
    { allowedIdps: ["idp"], policies: [{ id: "policy" }] },
    { allowedIdps: [], policies: [{ id: "policy" }] },
    "allowedIdps must name at least one identity provider",
  ],
  [
    "restricted-applications",
    accessApplication,
    { allowedIdps: ["idp"], policies: [{ id: "policy" }] },
    { allowedIdps: ["idp"] },
    "policies must name at least one policy",
  ],
  [
    "session-length",
    accessApplication,
    { sessionDuration: "24h" },
    { sessionDuration: "24h1s" },
    'sessionDuration must be at most 24 hours; found "24h1s"',
  ],
  [
    "session-length",
    accessPolicy,
    { sessionDuration: "30m" },
    { sessionDuration: "month" },
    'sessionDuration must be at most 24 hours; found "month"',
  ],
  [
    "no-self-service-groups",
    entraGroup,
    { types: ["Unified"], visibility: "Private", mailEnabled: true },
    { types: ["Unified"], mailEnabled: true },
    'visibility must be "Private" where types contain "Unified"; found "Public"',
  ],
  [
    "no-self-service-groups",
    entraGroup,
    { securityEnabled: true, mailEnabled: false },
    { securityEnabled: true, mailEnabled: true },
    "mailEnabled must be false; found true",
  ],
  [
    "report-only-ends",
    conditionalAccess,
    { state: "enabled" },
    { state: "enabledForReportingButNotEnforced" },
    'state must not be report-only without decideBy in the settings, or a date in report-only-ends.until["resource"]',
  ],
  [
    "report-only-ends",
    conditionalAccess,
    { state: "disabled" },
    { state: "enabledForReportingButNotEnforced" },
    'state must be "enabled" or "disabled" after 2026-11-30; found report-only',
    { config: { until: { resource: "2026-11-30" } } },
  ],
];
