/** A service principal as Graph has it, to the properties that the resource and the function share. */

import { featuresOf, idsByValue, rolesOf, scopesOf, strings } from "../microsoft-graph/wire";
import type { Properties } from "../values";

/** `beta` is the same object from /beta, which alone has `samlMetadataUrl`. */
export function readServicePrincipal(found: Properties, beta: Properties): Properties {
  const features = featuresOf(found.tags);
  const appId = String(found.appId).toLowerCase();
  return {
    id: `/servicePrincipals/${found.id}`,
    accountEnabled: found.accountEnabled ?? false,
    alternativeNames: strings(found.alternativeNames),
    appRoleAssignmentRequired: found.appRoleAssignmentRequired ?? false,
    appRoleIds: idsByValue(found.appRoles),
    appRoles: rolesOf(found.appRoles),
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
    notificationEmailAddresses: strings(found.notificationEmailAddresses),
    oauth2PermissionScopeIds: idsByValue(found.oauth2PermissionScopes),
    oauth2PermissionScopes: scopesOf(found.oauth2PermissionScopes),
    objectId: found.id,
    preferredSingleSignOnMode: found.preferredSingleSignOnMode ?? "",
    redirectUris: strings(found.replyUrls),
    samlMetadataUrl: beta.samlMetadataUrl ?? "",
    servicePrincipalNames: strings(found.servicePrincipalNames).filter(
      (name) => name.toLowerCase() !== appId,
    ),
    signInAudience: found.signInAudience ?? "",
    tags: strings(found.tags),
    type: found.servicePrincipalType ?? "",
  };
}
