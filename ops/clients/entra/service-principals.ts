import type { Client } from "@microsoft/microsoft-graph-client";
import type { OAuth2PermissionGrant, ServicePrincipal } from "@microsoft/microsoft-graph-types";
import { listAllPages } from "../pages";

export const MICROSOFT_GRAPH_ID = "00000003-0000-0000-c000-000000000000";

export async function findServicePrincipal(
  graph: Client,
  appId: string,
): Promise<ServicePrincipal | undefined> {
  return (await listAllPages<ServicePrincipal>(graph, `/servicePrincipals?$filter=appId eq '${appId}'`))[0];
}

/** Finds the admin consent of a service principal to permissions of Microsoft Graph. */
export async function findAdminConsent(
  graph: Client,
  { id }: ServicePrincipal,
  microsoftGraph: ServicePrincipal | undefined,
): Promise<OAuth2PermissionGrant | undefined> {
  const path = `/oauth2PermissionGrants?$filter=clientId eq '${id}'`;
  const grants = await listAllPages<OAuth2PermissionGrant>(graph, path);
  return grants.find(
    ({ consentType, resourceId }) => consentType === "AllPrincipals" && resourceId === microsoftGraph?.id,
  );
}
