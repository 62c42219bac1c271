/** Application id of Microsoft Graph. */
export const GRAPH = "00000003-0000-0000-c000-000000000000";
/** Tenant of the recordings. */
export const TENANT = "6f1c2a4e-0d11-4a8e-9c55-3b1d5f0a7e01";

/** Bodies with which the recorded program made its objects, as far as answers show them. */
export const RECORDED_APPLICATION = (displayName = "Cloudflare Access") => ({
  displayName,
  groupMembershipClaims: "SecurityGroup",
  isDeviceOnlyAuthSupported: false,
  isFallbackPublicClient: false,
  api: { acceptMappedClaims: false, requestedAccessTokenVersion: 1 },
  optionalClaims: {
    accessToken: [],
    idToken: [{ additionalProperties: [], essential: false, name: "groups" }],
    saml2Token: [],
  },
  requiredResourceAccess: [
    {
      resourceAppId: GRAPH,
      resourceAccess: [{ id: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", type: "Scope" }],
    },
  ],
  web: { redirectUris: ["https://team.cloudflareaccess.com/cdn-cgi/access/callback"] },
  "owners@odata.bind": ["{origin}/v1.0/directoryObjects/{deployer}"],
});

export const RECORDED_SERVICE_PRINCIPAL = {
  appRoleAssignmentRequired: true,
  samlSingleSignOnSettings: {},
  "owners@odata.bind": ["{origin}/v1.0/directoryObjects/{deployer}"],
};

export const RECORDED_CREDENTIALS = {
  value: [
    { key: "BaseAddress", value: "https://team.cloudflareaccess.com/v2/scim" },
    { key: "SecretToken", value: "scim_not_a_real_secret" },
  ],
};

export const RECORDED_GROUP = (displayName: string) => ({
  displayName,
  isAssignableToRole: false,
  mailEnabled: false,
  mailNickname: displayName,
  securityEnabled: true,
  "owners@odata.bind": ["{origin}/beta/directoryObjects/{deployer}"],
});

export const RECORDED_POLICY = (application: string) => ({
  displayName: "MFA for Cloudflare Access",
  state: "enabled",
  conditions: {
    applications: { includeApplications: [application] },
    clientAppTypes: ["all"],
    users: { includeUsers: ["All"] },
  },
  grantControls: { operator: "OR", builtInControls: ["mfa"] },
});

export const RECORDED_IDENTITY_PROVIDER = (name = "Entra ID") => ({
  name,
  type: "azureAD",
  config: {
    client_id: "f66cfc2b-5719-4ac5-933d-1c9e9087490f",
    client_secret: "replayed-not-a-real-secret",
    conditional_access_enabled: false,
    directory_id: TENANT,
    pkce_enabled: true,
    support_groups: true,
  },
  scim_config: {
    enabled: true,
    identity_update_behavior: "automatic",
    seat_deprovision: true,
    user_deprovision: true,
  },
});
