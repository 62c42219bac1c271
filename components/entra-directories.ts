import * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";
import type { NamedIdentityProvider } from "./access";
import { type AccessSettings, entraGroupsOf, ownIdentityProvider } from "./access-settings";
import { findEntraGroups } from "./entra-groups";

/** An identity provider beside the stack's own. */
export interface ExistingIdentityProvider {
  /** Its id in Access; none: the stack makes it. */
  id?: string | undefined;
  /** Directory (tenant) id of the Entra tenant that it signs people in at; none: it has no Entra groups. */
  tenantId?: string | undefined;
  /** The cloud that the tenant is in; default "public". */
  environment?: "public" | "usgovernment" | "china" | undefined;
  /** Application (client) id that may read the tenant's groups; default: the one of the environment, ARM_CLIENT_ID. */
  clientId?: pulumi.Input<string> | undefined;
  /** Its client secret; default: the one of the environment, ARM_CLIENT_SECRET. Handled as a secret. */
  clientSecret?: pulumi.Input<string> | undefined;
}

/** What is known of identity providers before anything is made. */
export interface Directories {
  /** Of the stack's own, whose id comes later. */
  readonly entra: Omit<NamedIdentityProvider, "id">;
  /** The others that the account has already, by name. */
  readonly others: Readonly<Record<string, NamedIdentityProvider>>;
}

/**
 * Looks up the Entra groups that settings name and the stack does not make: of its own tenant, and of other tenants, each of those through
 * an azuread provider of its own.
 *
 * @throws RunError with every group that is missing or ambiguous in a tenant
 */
export async function findDirectories(
  settings: AccessSettings & {
    identityProviders: Readonly<Record<string, ExistingIdentityProvider>>;
    ownedEntraGroups: Readonly<Record<string, { displayName: string }>>;
  },
): Promise<Directories> {
  const owned = new Set(Object.values(settings.ownedEntraGroups).map(({ displayName }) => displayName));
  const named = entraGroupsOf(settings, ownIdentityProvider).filter((name) => !owned.has(name));
  const entra = { entraGroups: await findEntraGroups(named) };
  const others: Record<string, NamedIdentityProvider> = {};
  for (const [name, { id, tenantId, ...signIn }] of Object.entries(settings.identityProviders)) {
    if (id === undefined) continue;
    const wanted = tenantId === undefined ? [] : entraGroupsOf(settings, name);
    const opts = wanted.length > 0 && tenantId ? { provider: providerOf(name, tenantId, signIn) } : {};
    others[name] = { id, entraGroups: await findEntraGroups(wanted, opts) };
  }
  return { entra, others };
}

function providerOf(name: string, tenantId: string, signIn: Omit<ExistingIdentityProvider, "id">) {
  return new azuread.Provider(`entra-${name}`, { tenantId, ...given(signIn) });
}

function given({ environment, clientId, clientSecret }: Partial<ExistingIdentityProvider>) {
  return {
    ...(environment !== undefined && { environment }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}
