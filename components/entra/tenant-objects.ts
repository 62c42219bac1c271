import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { microsoftGraphAppId } from "../../config/graph-permissions";
import { extractCause } from "../preflight";

/** A tenant, and the objects in it that an application refers to. */
export interface TenantObjects {
  /** Directory (tenant) id. */
  tenantId: string;
  /** Object id of the principal that deploys. */
  deployerObjectId: string;
  /** Object id of the service principal of Microsoft Graph. */
  microsoftGraphObjectId: string;
}

/**
 * Finds the objects of the tenant that the provider is signed in to. A program awaits it before it creates resources:
 * the engine ends the providers when a resource fails, and every look-up on its way then fails, too.
 *
 * Microsoft Graph is found by a data source, because a resource would change its service principal, and delete it at
 * destroy. The plural form selects a dozen properties; the singular one returns every permission that Microsoft Graph
 * publishes, 400 KB.
 *
 * @throws RunError that says why the tenant could not be read
 */
export async function findTenantObjects(opts: pulumi.InvokeOptions = {}): Promise<TenantObjects> {
  try {
    const { tenantId, objectId: deployerObjectId } = await azuread.getClientConfig(opts);
    const { servicePrincipals } = await azuread.getServicePrincipals(
      { clientIds: [microsoftGraphAppId] },
      opts,
    );
    const [microsoftGraph] = servicePrincipals;
    if (!microsoftGraph) throw new Error("the tenant has no such service principal");
    return { tenantId, deployerObjectId, microsoftGraphObjectId: microsoftGraph.objectId };
  } catch (error) {
    throw new pulumi.RunError(
      `Could not read the service principal of Microsoft Graph: ${extractCause(error)}`,
    );
  }
}

/** Finds the objects of several tenants, by the name of the identity provider. Throws as {@link findTenantObjects} does. */
export async function findObjectsInTenants(
  identityProviders: readonly string[],
  providers: Readonly<Record<string, azuread.Provider>>,
): Promise<Record<string, TenantObjects>> {
  const entries = identityProviders.map(async (name) => {
    const provider = providers[name];
    return [name, await findTenantObjects(provider ? { provider } : {})] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
