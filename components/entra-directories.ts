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

/** Settings of who may reach what, as far as directories go. */
type Settings = AccessSettings & {
  identityProviders: Readonly<Record<string, ExistingIdentityProvider>>;
  ownedEntraGroups: Readonly<Record<string, { displayName: string }>>;
};

/** What is known of identity providers before anything is made. */
export interface Directories {
  /** Object ids of Entra groups, by what the settings call them, by the name of the identity provider. */
  readonly entraGroups: Readonly<Record<string, ReadonlyMap<string, pulumi.Input<string>>>>;
  /** Those that the account has already, by name. */
  readonly existing: Readonly<Record<string, NamedIdentityProvider>>;
  /** Who signs in to the tenants beside the stack's own, by the name of the identity provider. */
  readonly providers: Readonly<Record<string, azuread.Provider>>;
}

/**
 * Looks up the Entra groups that settings name and the stack does not make: of its own tenant, and of other tenants,
 * each of those through an azuread provider of its own.
 *
 * @throws RunError with every group that is missing or ambiguous in a tenant
 */
export async function findDirectories(settings: Settings): Promise<Directories> {
  const owned = new Set(Object.values(settings.ownedEntraGroups).map(({ displayName }) => displayName));
  const named = entraGroupsOf(settings, ownIdentityProvider).filter((name) => !owned.has(name));
  const entraGroups: Record<string, ReadonlyMap<string, string>> = {
    [ownIdentityProvider]: await findEntraGroups(named),
  };
  const existing: Record<string, NamedIdentityProvider> = {};
  const providers: Record<string, azuread.Provider> = {};
  for (const [name, { id, tenantId, ...signIn }] of Object.entries(settings.identityProviders)) {
    const wanted = tenantId === undefined ? [] : entraGroupsOf(settings, name);
    const isNeeded = tenantId !== undefined && (id === undefined || wanted.length > 0);
    const provider = isNeeded
      ? new azuread.Provider(`entra-${name}`, { tenantId, ...given(signIn) })
      : undefined;
    const found = await findEntraGroups(wanted, provider ? { provider } : {});
    entraGroups[name] = found;
    if (provider) providers[name] = provider;
    if (id !== undefined) existing[name] = { id, entraGroups: found };
  }
  return { entraGroups, existing, providers };
}

function given({ environment, clientId, clientSecret }: Partial<ExistingIdentityProvider>) {
  return {
    ...(environment !== undefined && { environment }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}
