import { deleteAssignments } from "./directory";
import type { Application, Grant, Password, ServicePrincipal, Tenant } from "./tenant";

/** Application id of Microsoft Graph in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** The application with this application (client) id, or undefined. */
export function applicationByAppId(tenant: Tenant, appId: string): Application | undefined {
  return [...tenant.applications.values()].find((a) => a.appId === appId.toLowerCase());
}

/** The service principal with this application (client) id, or undefined. */
export function servicePrincipalByAppId(tenant: Tenant, appId: string): ServicePrincipal | undefined {
  return [...tenant.servicePrincipals.values()].find((s) => s.appId === appId.toLowerCase());
}

/**
 * Deletes an application with its service principal in the tenant and that one's consents. Entra keeps the
 * application for 30 days as a deleted item, which no call that the twin serves can reach.
 */
export function deleteApplication(tenant: Tenant, application: Application): void {
  tenant.applications.delete(application.id);
  const principal = servicePrincipalByAppId(tenant, application.appId);
  if (principal) deleteServicePrincipal(tenant, principal);
}

/** Deletes a service principal with the consents and app role assignments it gave or was given. */
export function deleteServicePrincipal(tenant: Tenant, principal: ServicePrincipal): void {
  tenant.servicePrincipals.delete(principal.id);
  deleteAssignments(tenant, principal.id);
  for (const grant of [...tenant.grants.values()]) {
    if (involves(grant, principal.id)) tenant.grants.delete(grant.id);
  }
}

function involves(grant: Grant, principalId: string): boolean {
  return grant.clientId === principalId || grant.resourceId === principalId;
}

/** An application as Graph makes it from nothing but a name. */
export function emptyApplication(
  id: string,
  appId: string,
  displayName: string,
  createdDateTime: string,
): Application {
  return {
    id,
    appId,
    createdDateTime,
    displayName,
    description: null,
    notes: null,
    groupMembershipClaims: null,
    identifierUris: [],
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    optionalClaims: null,
    serviceManagementReference: null,
    // Microsoft Graph's default since April 2024: https://learn.microsoft.com/graph/whats-new-overview
    signInAudience: "AzureADMyOrg",
    tags: [],
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    info: { marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [],
    spa: { redirectUris: [] },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    owners: [],
    passwords: [] as Password[],
    applicationTemplateId: null,
  };
}

/** A service principal as Graph makes it from nothing but an application id. */
export function emptyServicePrincipal(id: string, appId: string, createdDateTime: string): ServicePrincipal {
  return {
    id,
    appId,
    createdDateTime,
    accountEnabled: true,
    alternativeNames: [],
    appRoleAssignmentRequired: false,
    description: null,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    samlSingleSignOnSettings: null,
    tags: [],
    owners: [],
    applicationPermissions: [],
    applicationTemplateId: null,
    synchronization: { secrets: [], jobs: [] },
  };
}
