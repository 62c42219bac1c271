import { deleteAssignments } from "./directory";
import type { AppRegistration, EntraTenant, Password, PermissionGrant, ServicePrincipal } from "./tenant";

/** Application id of Microsoft Graph in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** Application (client) id of the Azure CLI, with which people sign in to deploy. */
export const AZURE_CLI_ID = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** Finds the application with this application (client) id. */
export function findApplicationByAppId(tenant: EntraTenant, appId: string): AppRegistration | undefined {
  return findByAppId(tenant.applications, appId);
}

/** Finds the service principal with this application (client) id. */
export function findPrincipalByAppId(tenant: EntraTenant, appId: string): ServicePrincipal | undefined {
  return findByAppId(tenant.servicePrincipals, appId);
}

/** The ids under which objects were found last, by application (client) id. */
const lastFound = new WeakMap<object, Map<string, string>>();

/** Searches the objects only if this one was not found before: each request looks for its caller. */
function findByAppId<T extends { readonly appId: string }>(
  objects: ReadonlyMap<string, T>,
  appId: string,
): T | undefined {
  const wanted = appId.toLowerCase();
  const ids = lastFound.get(objects) ?? new Map<string, string>();
  const last = objects.get(ids.get(wanted) ?? "");
  if (last?.appId === wanted) return last;
  for (const [id, object] of objects) {
    if (object.appId !== wanted) continue;
    lastFound.set(objects, ids.set(wanted, id));
    return object;
  }
  return undefined;
}

/**
 * Deletes an application with its service principal in the tenant and the latter's grants. Entra keeps the application
 * for 30 days as a deleted item, which no call that the twin serves can reach.
 */
export function deleteApplication(tenant: EntraTenant, application: AppRegistration): void {
  tenant.applications.delete(application.id);
  const principal = findPrincipalByAppId(tenant, application.appId);
  if (principal) deleteServicePrincipal(tenant, principal);
}

/** Deletes a service principal with its permission grants and app role assignments. */
export function deleteServicePrincipal(tenant: EntraTenant, principal: ServicePrincipal): void {
  tenant.servicePrincipals.delete(principal.id);
  deleteAssignments(tenant, principal.id);
  for (const grant of [...tenant.grants.values()]) {
    if (isPartyTo(grant, principal.id)) tenant.grants.delete(grant.id);
  }
}

function isPartyTo(grant: PermissionGrant, principalId: string): boolean {
  return grant.clientId === principalId || grant.resourceId === principalId;
}

/** Creates an application as Graph does from nothing but a name. */
export function createEmptyApplication(
  id: string,
  appId: string,
  displayName: string,
  createdDateTime: string,
): AppRegistration {
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
    servicePrincipalLockConfiguration: null,
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
    federatedCredentials: [],
    applicationTemplateId: null,
  };
}

/** Creates a service principal as Graph does from nothing but an application id. */
export function createEmptyServicePrincipal(
  id: string,
  appId: string,
  createdDateTime: string,
): ServicePrincipal {
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
