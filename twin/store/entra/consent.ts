import { deriveGrantId } from "../ids";
import { findPrincipalByAppId, GRAPH_APP_ID } from "./registrations";
import type { EntraTenant, ServicePrincipal } from "./tenant";

/**
 * Grants delegated permissions of Microsoft Graph, in addition to those granted before.
 *
 * @param userId the user who consents for themself; default: consent for all users of the tenant
 */
export function grantConsent(
  tenant: EntraTenant,
  client: ServicePrincipal,
  scopes: string[],
  userId?: string,
): void {
  const resource = findPrincipalByAppId(tenant, GRAPH_APP_ID);
  if (!resource) throw new Error("every tenant has Microsoft Graph's service principal");
  const id = deriveGrantId(client.id, resource.id, ...(userId === undefined ? [] : [userId]));
  const before = tenant.grants.get(id)?.scope.split(" ") ?? [];
  tenant.grants.set(id, {
    id,
    clientId: client.id,
    resourceId: resource.id,
    scope: [...new Set([...before, ...scopes])].join(" "),
    ...(userId === undefined ? {} : { principalId: userId }),
  });
}
