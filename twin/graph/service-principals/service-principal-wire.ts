import { applicationByAppId, GRAPH_APP_ID } from "../../store/store";
import type { ServicePrincipal, Tenant } from "../../store/tenant";
import { NOT_VERIFIED } from "../applications/application-wire";
import { PERMISSIONS } from "../permissions";

type Wire = Record<string, unknown>;

/** Tenant that owns Microsoft's own applications. */
const MICROSOFT_SERVICES = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/**
 * A service principal as Graph v1.0 shows it: its own settings, and what it mirrors of its application.
 * https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export function servicePrincipalWire(tenant: Tenant, principal: ServicePrincipal): Wire {
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
    verifiedPublisher: NOT_VERIFIED,
    ...(principal.appId === GRAPH_APP_ID ? microsoftGraph : mirrored(tenant, principal)),
  };
}

function mirrored(tenant: Tenant, principal: ServicePrincipal): Wire {
  const application = applicationByAppId(tenant, principal.appId);
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

/** Microsoft Graph's own service principal, with every permission it offers. */
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
  appRoles: Object.entries(PERMISSIONS.application).map(([name, id]) => ({
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
  oauth2PermissionScopes: Object.entries(PERMISSIONS.delegated).map(([name, [id, type]]) => ({
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
