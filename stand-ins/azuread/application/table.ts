/** Inputs and outputs of `azuread:index/application:Application`. Source: schema of pulumi-azuread 6.9.1. */

import {
  block,
  boolean,
  integer,
  listOf,
  mapOf,
  setOf,
  string,
  type Table,
} from "../../bridge/table/properties";
import {
  expectAtMost,
  expectGuid,
  expectLogoutUrl,
  expectNotEmpty,
  expectOneOf,
  expectRedirectUri,
  expectWebUrl,
} from "../microsoft-graph/expectations";

const AUDIENCES = [
  "AzureADMyOrg",
  "AzureADMultipleOrgs",
  "AzureADandPersonalMicrosoftAccount",
  "PersonalMicrosoftAccount",
];
const GROUP_CLAIMS = ["All", "None", "ApplicationGroup", "DirectoryRole", "SecurityGroup"];

const claims = (terraform: string) =>
  listOf(
    block({
      additionalProperties: listOf(string()),
      essential: boolean(),
      name: string({ required: true }),
      source: string(),
    }),
    { terraform },
  );

/** Named tags of applications and service principals. */
export const featureTagsProperty = listOf(
  block({ customSingleSignOn: boolean(), enterprise: boolean(), gallery: boolean(), hide: boolean() }),
  { computed: true, conflicts: "tags" },
);

export const permissionScopeBlock = block({
  adminConsentDescription: string({ expect: expectNotEmpty }),
  adminConsentDisplayName: string({ expect: expectNotEmpty }),
  enabled: boolean({ default: true }),
  id: string({ required: true, expect: expectGuid }),
  type: string({ default: "User", expect: expectOneOf("Admin", "User") }),
  userConsentDescription: string({ expect: expectNotEmpty }),
  userConsentDisplayName: string({ expect: expectNotEmpty }),
  value: string(),
});

export const appRoleBlock = block({
  allowedMemberTypes: setOf(string({ expect: expectOneOf("Application", "User") }), { required: true }),
  description: string({ required: true, expect: expectNotEmpty }),
  displayName: string({ required: true, expect: expectNotEmpty }),
  enabled: boolean({ default: true }),
  id: string({ required: true, expect: expectGuid }),
  value: string(),
});

export const applicationTable: Table = {
  api: block({
    knownClientApplications: setOf(string({ expect: expectGuid })),
    mappedClaimsEnabled: boolean(),
    oauth2PermissionScopes: setOf(permissionScopeBlock, { terraform: "oauth2_permission_scope" }),
    requestedAccessTokenVersion: integer({
      default: 1,
      implied: 1,
      expect: (value) => (value === 1 || value === 2 ? undefined : "Value must be one of: 1, 2"),
    }),
  }),
  appRoleIds: mapOf(string(), { output: true, follows: "appRoles" }),
  appRoles: setOf(appRoleBlock, { terraform: "app_role" }),
  clientId: string({ output: true }),
  description: string({ expect: expectAtMost(1024) }),
  deviceOnlyAuthEnabled: boolean(),
  disabledByMicrosoft: string({ output: true }),
  displayName: string({
    required: true,
    expect: expectNotEmpty,
    description: "The display name for the application",
  }),
  fallbackPublicClientEnabled: boolean(),
  featureTags: featureTagsProperty,
  groupMembershipClaims: setOf(string({ expect: expectOneOf(...GROUP_CLAIMS) })),
  identifierUris: setOf(string({ expect: expectNotEmpty })),
  logoImage: string({ output: true, unsupported: true }),
  logoUrl: string({ output: true }),
  marketingUrl: string(),
  notes: string({ expect: expectNotEmpty }),
  oauth2PermissionScopeIds: mapOf(string(), { output: true, follows: "api.oauth2PermissionScopes" }),
  oauth2PostResponseRequired: boolean({ terraform: "oauth2_post_response_required" }),
  objectId: string({ output: true }),
  optionalClaims: block({
    accessTokens: claims("access_token"),
    idTokens: claims("id_token"),
    saml2Tokens: claims("saml2_token"),
  }),
  owners: setOf(string({ expect: expectGuid })),
  password: block({}, { output: true, unsupported: true }),
  preventDuplicateNames: boolean({ implied: false }),
  privacyStatementUrl: string(),
  publicClient: block({
    redirectUris: setOf(string({ expect: expectRedirectUri({ urn: true, anyScheme: true }) })),
  }),
  publisherDomain: string({ output: true }),
  requiredResourceAccesses: setOf(
    block({
      resourceAccesses: listOf(
        block({
          id: string({ required: true, expect: expectGuid }),
          type: string({ required: true, expect: expectOneOf("Role", "Scope") }),
        }),
        { required: true, terraform: "resource_access" },
      ),
      resourceAppId: string({ required: true }),
    }),
    { terraform: "required_resource_access" },
  ),
  serviceManagementReference: string(),
  signInAudience: string({ default: AUDIENCES[0], implied: AUDIENCES[0], expect: expectOneOf(...AUDIENCES) }),
  singlePageApplication: block({
    redirectUris: setOf(string({ expect: expectRedirectUri({ urn: false, anyScheme: false }) })),
  }),
  supportUrl: string(),
  tags: setOf(string(), { computed: true, conflicts: "featureTags" }),
  templateId: string({ output: true, unsupported: true }),
  termsOfServiceUrl: string(),
  web: block({
    homepageUrl: string({ expect: expectWebUrl }),
    implicitGrant: block({ accessTokenIssuanceEnabled: boolean(), idTokenIssuanceEnabled: boolean() }),
    logoutUrl: string({ expect: expectLogoutUrl }),
    redirectUris: setOf(string({ expect: expectRedirectUri({ urn: true, anyScheme: false }) })),
  }),
};
