import type { EntraTenant, ServicePrincipal } from "../../store/entra/tenant";
import { findApplicationByAppId, GRAPH_APP_ID } from "../../store/store";
import { UNVERIFIED_PUBLISHER } from "../applications/application-wire";
import { GRAPH_PERMISSIONS } from "../permissions";

type Wire = Record<string, unknown>;

/** Tenant that owns Microsoft's own applications. */
const MICROSOFT_SERVICES = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/**
 * Formats a service principal as Graph v1.0 does: its own settings, and those that mirror its application.
 * https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export function toServicePrincipalWire(tenant: EntraTenant, principal: ServicePrincipal): Wire {
  const { owners: _owners, applicationPermissions: _permissions, synchronization: _, ...shown } = principal;
  return {
    ...shown,
    deletedDateTime: null,
    disabledByMicrosoftStatus: null,
    preferredTokenSigningKeyThumbprint: null,
    servicePrincipalType: "Application",
    tokenEncryptionKeyId: null,
    addIns: [],
    keyCredentials: [],
    passwordCredentials: [],
    resourceSpecificApplicationPermissions: [],
    verifiedPublisher: UNVERIFIED_PUBLISHER,
    ...(principal.appId === GRAPH_APP_ID ? microsoftGraph : mirrorApplication(tenant, principal)),
  };
}

function mirrorApplication(tenant: EntraTenant, principal: ServicePrincipal): Wire {
  const application = findApplicationByAppId(tenant, principal.appId);
  if (!application) return {};
  const { web, spa, publicClient, api } = application;
  return {
    appDescription: application.description,
    appDisplayName: application.displayName,
    displayName: application.displayName,
    appOwnerOrganizationId: tenant.id,
    homepage: web.homePageUrl,
    logoutUrl: web.logoutUrl,
    replyUrls: [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris],
    servicePrincipalNames: [principal.appId, ...application.identifierUris],
    signInAudience: application.signInAudience,
    appRoles: application.appRoles.map((role) => ({ ...role, origin: "Application" })),
    info: { logoUrl: null, ...application.info },
    oauth2PermissionScopes: api.oauth2PermissionScopes,
  };
}

/** Microsoft Graph's own service principal, with all its permissions. */
const microsoftGraph: Wire = {
  appDescription: null,
  appDisplayName: "Microsoft Graph",
  displayName: "Microsoft Graph",
  appOwnerOrganizationId: MICROSOFT_SERVICES,
  homepage: null,
  logoutUrl: null,
  replyUrls: [],
  servicePrincipalNames: [GRAPH_APP_ID, "https://graph.microsoft.com"],
  signInAudience: "AzureADMultipleOrgs",
  appRoles: Object.entries(GRAPH_PERMISSIONS.application).map(([name, id]) => ({
    allowedMemberTypes: ["Application"],
    description: name,
    displayName: name,
    id,
    isEnabled: true,
    origin: "Application",
    value: name,
  })),
  info: {
    logoUrl: null,
    marketingUrl: null,
    privacyStatementUrl: null,
    supportUrl: null,
    termsOfServiceUrl: null,
  },
  oauth2PermissionScopes: Object.entries(GRAPH_PERMISSIONS.delegated).map(([name, [id, type]]) => ({
    adminConsentDescription: name,
    adminConsentDisplayName: name,
    id,
    isEnabled: true,
    type,
    userConsentDescription: name,
    userConsentDisplayName: name,
    value: name,
  })),
};
