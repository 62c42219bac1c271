import { grantId } from "./ids";
import { GRAPH_APP_ID, servicePrincipalByAppId } from "./registrations";
import type { ServicePrincipal, Tenant } from "./tenant";

/**
 * Keeps consent to delegated permissions of Microsoft Graph. What was consented to before stays.
 *
 * @param userId who consents for themself; default: consent for everybody in the tenant
 */
export function consentTo(tenant: Tenant, client: ServicePrincipal, scopes: string[], userId?: string): void {
  const resource = servicePrincipalByAppId(tenant, GRAPH_APP_ID);
  if (!resource) throw new Error("every tenant has Microsoft Graph's service principal");
  const id = grantId(client.id, resource.id, ...(userId === undefined ? [] : [userId]));
  const before = tenant.grants.get(id)?.scope.split(" ") ?? [];
  tenant.grants.set(id, {
    id,
    clientId: client.id,
    resourceId: resource.id,
    scope: [...new Set([...before, ...scopes])].join(" "),
    ...(userId === undefined ? {} : { principalId: userId }),
  });
}
