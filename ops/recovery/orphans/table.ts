import {
  accessApplicationSearch,
  accessGroupSearch,
  accessPolicySearch,
  gatewayPolicySearch,
  hostnameRouteSearch,
  identityProviderSearch,
  tunnelRouteSearch,
  virtualNetworkSearch,
} from "./cloudflare";
import {
  applicationSearch,
  assignmentSearch,
  conditionalAccessSearch,
  consentSearch,
  namedLocationSearch,
  ownedGroupSearch,
  servicePrincipalSearch,
} from "./entra";
import { provisioningApplicationSearch, provisioningJobSearch } from "./provisioning";
import type { ResourceSearch } from "./search";

/** A reason why no object of a type is looked for. */
type NotSearched =
  | "exists only in the state"
  | "removed as a client secret, because its value is lost"
  | "written again, because it has no identity of its own";

/** The searches for objects that an interrupted run created, for every type of resource that a stack can have. */
export const RESOURCE_SEARCHES: Readonly<Record<string, ResourceSearch | NotSearched>> = {
  "azuread:index/application:Application": applicationSearch,
  "azuread:index/servicePrincipal:ServicePrincipal": servicePrincipalSearch,
  "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant":
    consentSearch,
  "azuread:index/appRoleAssignment:AppRoleAssignment": assignmentSearch,
  "azuread:index/group:Group": ownedGroupSearch,
  "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy": conditionalAccessSearch,
  "azuread:index/namedLocation:NamedLocation": namedLocationSearch,
  "azuread:index/applicationFromTemplate:ApplicationFromTemplate": provisioningApplicationSearch,
  "azuread:index/synchronizationSecret:SynchronizationSecret":
    "written again, because it has no identity of its own",
  "azuread:index/synchronizationJob:SynchronizationJob": provisioningJobSearch,
  "azuread:index/applicationPassword:ApplicationPassword":
    "removed as a client secret, because its value is lost",
  "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider": identityProviderSearch,
  "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup": accessGroupSearch,
  "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": accessPolicySearch,
  "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": accessApplicationSearch,
  "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy": gatewayPolicySearch,
  "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute": tunnelRouteSearch,
  "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute": hostnameRouteSearch,
  "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork":
    virtualNetworkSearch,
  "random:index/randomUuid:RandomUuid": "exists only in the state",
  "random:index/randomString:RandomString": "exists only in the state",
};

/** Returns the search of a type; undefined if none of its objects can be orphaned. */
export function getResourceSearch(type: string): ResourceSearch | undefined {
  const search = Object.hasOwn(RESOURCE_SEARCHES, type) ? RESOURCE_SEARCHES[type] : undefined;
  return typeof search === "object" ? search : undefined;
}
