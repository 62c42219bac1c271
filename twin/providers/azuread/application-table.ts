/** Inputs and outputs of `azuread:index/application:Application`. Source: schema of pulumi-azuread 6.9.1. */

import {
  atMost,
  guid,
  logoutUrl,
  notEmpty,
  oneOf,
  redirectUri,
  webUrl,
} from "../microsoft-graph/expectations";
import { block, flag, integer, listOf, mapOf, setOf, type Table, text } from "../properties";

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
      additionalProperties: listOf(text()),
      essential: flag(),
      name: text({ required: true }),
      source: text(),
    }),
    { terraform },
  );

/** Tags with names, as applications and service principals have them. */
export const featureTags = listOf(
  block({ customSingleSignOn: flag(), enterprise: flag(), gallery: flag(), hide: flag() }),
  { computed: true, conflicts: "tags" },
);

export const permissionScope = block({
  adminConsentDescription: text({ expect: notEmpty }),
  adminConsentDisplayName: text({ expect: notEmpty }),
  enabled: flag({ default: true }),
  id: text({ required: true, expect: guid }),
  type: text({ default: "User", expect: oneOf("Admin", "User") }),
  userConsentDescription: text({ expect: notEmpty }),
  userConsentDisplayName: text({ expect: notEmpty }),
  value: text(),
});

export const appRole = block({
  allowedMemberTypes: setOf(text({ expect: oneOf("Application", "User") }), { required: true }),
  description: text({ required: true, expect: notEmpty }),
  displayName: text({ required: true, expect: notEmpty }),
  enabled: flag({ default: true }),
  id: text({ required: true, expect: guid }),
  value: text(),
});

export const applicationTable: Table = {
  api: block({
    knownClientApplications: setOf(text({ expect: guid })),
    mappedClaimsEnabled: flag(),
    oauth2PermissionScopes: setOf(permissionScope, { terraform: "oauth2_permission_scope" }),
    requestedAccessTokenVersion: integer({
      default: 1,
      implied: 1,
      expect: (value) => (value === 1 || value === 2 ? undefined : "Value must be one of: 1, 2"),
    }),
  }),
  appRoleIds: mapOf(text(), { output: true, follows: "appRoles" }),
  appRoles: setOf(appRole, { terraform: "app_role" }),
  clientId: text({ output: true }),
  description: text({ expect: atMost(1024) }),
  deviceOnlyAuthEnabled: flag(),
  disabledByMicrosoft: text({ output: true }),
  displayName: text({
    required: true,
    expect: notEmpty,
    description: "The display name for the application",
  }),
  fallbackPublicClientEnabled: flag(),
  featureTags,
  groupMembershipClaims: setOf(text({ expect: oneOf(...GROUP_CLAIMS) })),
  identifierUris: setOf(text({ expect: notEmpty })),
  logoImage: text({ output: true, unsupported: true }),
  logoUrl: text({ output: true }),
  marketingUrl: text(),
  notes: text({ expect: notEmpty }),
  oauth2PermissionScopeIds: mapOf(text(), { output: true, follows: "api.oauth2PermissionScopes" }),
  oauth2PostResponseRequired: flag({ terraform: "oauth2_post_response_required" }),
  objectId: text({ output: true }),
  optionalClaims: block({
    accessTokens: claims("access_token"),
    idTokens: claims("id_token"),
    saml2Tokens: claims("saml2_token"),
  }),
  owners: setOf(text({ expect: guid })),
  password: block({}, { output: true, unsupported: true }),
  preventDuplicateNames: flag({ implied: false }),
  privacyStatementUrl: text(),
  publicClient: block({
    redirectUris: setOf(text({ expect: redirectUri({ urn: true, anyScheme: true }) })),
  }),
  publisherDomain: text({ output: true }),
  requiredResourceAccesses: setOf(
    block({
      resourceAccesses: listOf(
        block({
          id: text({ required: true, expect: guid }),
          type: text({ required: true, expect: oneOf("Role", "Scope") }),
        }),
        { required: true, terraform: "resource_access" },
      ),
      resourceAppId: text({ required: true }),
    }),
    { terraform: "required_resource_access" },
  ),
  serviceManagementReference: text(),
  signInAudience: text({ default: AUDIENCES[0], implied: AUDIENCES[0], expect: oneOf(...AUDIENCES) }),
  singlePageApplication: block({
    redirectUris: setOf(text({ expect: redirectUri({ urn: false, anyScheme: false }) })),
  }),
  supportUrl: text(),
  tags: setOf(text(), { computed: true, conflicts: "featureTags" }),
  templateId: text({ output: true, unsupported: true }),
  termsOfServiceUrl: text(),
  web: block({
    homepageUrl: text({ expect: webUrl }),
    implicitGrant: block({ accessTokenIssuanceEnabled: flag(), idTokenIssuanceEnabled: flag() }),
    logoutUrl: text({ expect: logoutUrl }),
    redirectUris: setOf(text({ expect: redirectUri({ urn: true, anyScheme: false }) })),
  }),
};
