import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { microsoftGraphAppId } from "../../../config/graph-permissions";
import { getOwn } from "../../map-values";
import { extractCause } from "../../preflight";
import type { ApplicationOutputs } from "../client-secret/rotation-outputs";
import { type PresentLists, readPresentLists } from "../undeclared";

/** A tenant, and the objects in it that an application refers to. */
export interface TenantObjects {
  /** Directory (tenant) id. */
  tenantId: string;
  /** Object id of the principal that deploys. */
  deployerObjectId: string;
  /** Object id of the service principal of Microsoft Graph. */
  microsoftGraphObjectId: string;
  /** The service principal of the application that the last update left; undefined if there is none. */
  servicePrincipal?: ExistingServicePrincipal | undefined;
}

/** The service principal that an application has already. */
export interface ExistingServicePrincipal {
  clientId: string;
  objectId: string;
  tags: readonly string[];
}

/**
 * Finds the objects of the tenant that the provider is signed in to. A program awaits it before it creates resources:
 * the engine ends the providers when a resource fails, and every look-up on its way then fails, too.
 *
 * Microsoft Graph is found by a data source, because a resource would change its service principal, and delete it at
 * destroy. The plural form selects a dozen properties; the singular one returns every permission that Microsoft Graph
 * publishes, 400 KB.
 *
 * @param clientId of the application that the last update left; default: none
 * @throws RunError that says why the tenant could not be read
 */
export async function findTenantObjects(
  opts: pulumi.InvokeOptions = {},
  clientId?: string,
): Promise<TenantObjects> {
  try {
    const { tenantId, objectId: deployerObjectId } = await azuread.getClientConfig(opts);
    const { servicePrincipals } = await azuread.getServicePrincipals(
      {
        clientIds: [microsoftGraphAppId, ...(clientId === undefined ? [] : [clientId])],
        ignoreMissing: true,
      },
      opts,
    );
    const find = (id: string | undefined) => servicePrincipals.find((one) => one.clientId === id);
    const microsoftGraph = find(microsoftGraphAppId);
    if (!microsoftGraph) throw new Error("the tenant has no such service principal");
    const { objectId: microsoftGraphObjectId } = microsoftGraph;
    return { tenantId, deployerObjectId, microsoftGraphObjectId, servicePrincipal: find(clientId) };
  } catch (error) {
    throw new pulumi.RunError(
      `Could not read the service principal of Microsoft Graph: ${extractCause(error)}`,
    );
  }
}

/** The objects of a tenant, and what its application shares with others. */
export interface TenantLookUp {
  tenantObjects: TenantObjects;
  present: PresentLists;
}

/**
 * Looks up several tenants, by the name of the identity provider. Throws as {@link findTenantObjects} and
 * {@link readPresentLists} do.
 */
export async function lookUpTenants(
  identityProviders: readonly string[],
  getLastOutputs: (identityProvider: string) => ApplicationOutputs,
  providers: Readonly<Record<string, azuread.Provider>>,
): Promise<Record<string, TenantLookUp>> {
  const entries = identityProviders.map(async (name) => {
    const provider = getOwn(providers, name);
    const opts = provider ? { provider } : {};
    const { applicationObjectId, clientId } = getLastOutputs(name);
    const tenantObjects = await findTenantObjects(opts, clientId);
    return [name, { tenantObjects, present: await readPresentLists(applicationObjectId, opts) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
