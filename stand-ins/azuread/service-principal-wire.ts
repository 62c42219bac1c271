/** The conversion of Graph's service principals to the properties that resource and function share. */

import type { Properties } from "../bridge/values";
import { mapIdsByValue, readFeatures, readRoles, readScopes, toStrings } from "./microsoft-graph/wire";

/** Reads outputs. @param beta the same object from /beta, for `samlMetadataUrl` */
export function readServicePrincipal(found: Properties, beta: Properties): Properties {
  const features = readFeatures(found.tags);
  const appId = String(found.appId).toLowerCase();
  return {
    id: `/servicePrincipals/${found.id}`,
    accountEnabled: found.accountEnabled ?? false,
    alternativeNames: toStrings(found.alternativeNames),
    appRoleAssignmentRequired: found.appRoleAssignmentRequired ?? false,
    appRoleIds: mapIdsByValue(found.appRoles),
    appRoles: readRoles(found.appRoles),
    applicationTenantId: found.appOwnerOrganizationId ?? "",
    clientId: found.appId,
    description: found.description ?? "",
    displayName: found.displayName ?? "",
    featureTags: [features],
    features: [
      {
        customSingleSignOnApp: features.customSingleSignOn,
        enterpriseApplication: features.enterprise,
        galleryApplication: features.gallery,
        visibleToUsers: !features.hide,
      },
    ],
    homepageUrl: found.homepage ?? "",
    loginUrl: found.loginUrl ?? "",
    logoutUrl: found.logoutUrl ?? "",
    notes: found.notes ?? "",
    notificationEmailAddresses: toStrings(found.notificationEmailAddresses),
    oauth2PermissionScopeIds: mapIdsByValue(found.oauth2PermissionScopes),
    oauth2PermissionScopes: readScopes(found.oauth2PermissionScopes),
    objectId: found.id,
    preferredSingleSignOnMode: found.preferredSingleSignOnMode ?? "",
    redirectUris: toStrings(found.replyUrls),
    samlMetadataUrl: beta.samlMetadataUrl ?? "",
    servicePrincipalNames: toStrings(found.servicePrincipalNames).filter(
      (name) => name.toLowerCase() !== appId,
    ),
    signInAudience: found.signInAudience ?? "",
    tags: toStrings(found.tags),
    type: found.servicePrincipalType ?? "",
  };
}
