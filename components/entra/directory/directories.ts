import * as azuread from "@pulumi/azuread";
import type * as pulumi from "@pulumi/pulumi";
import { type AccessRulesConfig, listEntraGroups, OWN_IDENTITY_PROVIDER } from "../../../config/access/rules";
import {
  type DirectoryConfig,
  type IdentityProviderConfig,
  listOwnTenantNames,
} from "../../../config/identity-providers";
import type { IdentityProviderReference } from "../../access/access";
import { getOwn } from "../../map-values";
import type { LastOutputs } from "../client-secret/rotation-outputs";
import { findEntraGroups } from "./groups";

export interface DirectoriesArgs extends Pick<AccessRulesConfig, "groups"> {
  /** The identity providers beside the stack's own, by name. */
  identityProviders: Readonly<Record<string, IdentityProviderConfig>>;
  /** The Entra groups that the stack creates. */
  ownedEntraGroups: Readonly<Record<string, { displayName: string }>>;
}

/** The directories of the identity providers, all by the name of the identity provider. */
export interface Directories {
  /** Object ids of Entra groups by the display name or object id in the access rules. */
  readonly entraGroups: Readonly<Record<string, ReadonlyMap<string, pulumi.Input<string>>>>;
  /** The identity providers that the account has already. */
  readonly existing: Readonly<Record<string, IdentityProviderReference>>;
  /** The azuread providers of the identity providers that do not share the one of the stack's own tenant. */
  readonly providers: Readonly<Record<string, azuread.Provider>>;
}

/**
 * Finds the Entra groups that access rules name and the stack does not create: in its own tenant, and in other tenants
 * through an azuread provider for each.
 *
 * @param getLastOutputs returns the object ids that groups keep while they cannot be found; default: none
 * @throws RunError that lists every group that is missing or ambiguous in a tenant and was not found before
 */
export async function findDirectories(
  args: DirectoriesArgs,
  getLastOutputs: (identityProvider: string) => LastOutputs = () => ({}),
): Promise<Directories> {
  const owned = new Set(Object.values(args.ownedEntraGroups).map(({ displayName }) => displayName));
  const ownTenant = listOwnTenantNames(args.identityProviders);
  const listReferences = (name: string) =>
    listEntraGroups(args, name).filter((group) => !ownTenant.includes(name) || !owned.has(group));
  const find = (name: string, references: readonly string[], provider?: azuread.Provider) =>
    findEntraGroups(references, provider ? { provider } : {}, { name, ...getLastOutputs(name) });
  const entraGroups: Record<string, ReadonlyMap<string, string>> = {
    [OWN_IDENTITY_PROVIDER]: await find(OWN_IDENTITY_PROVIDER, listReferences(OWN_IDENTITY_PROVIDER)),
  };
  const existing: Record<string, IdentityProviderReference> = {};
  const providers: Record<string, azuread.Provider> = {};
  for (const [name, identityProvider] of Object.entries(args.identityProviders)) {
    if (identityProvider.kind === "oneTimePin") continue;
    const { kind, directory } = identityProvider;
    const references = directory ? listReferences(name) : [];
    const isProviderNeeded = !directory?.isOwn && (kind === "tenant" || references.length > 0);
    if (directory && isProviderNeeded) providers[name] = createProvider(name, directory);
    const found = await find(name, references, getOwn(providers, name));
    entraGroups[name] = found;
    if (kind === "existing") existing[name] = { id: identityProvider.id, entraGroups: found };
  }
  return { entraGroups, existing, providers };
}

/** Creates the azuread provider of another tenant than the stack's own. */
export function createProvider(
  name: string,
  { tenantId, environment, clientId, clientSecret }: DirectoryConfig,
) {
  return new azuread.Provider(`entra-${name}`, {
    tenantId,
    ...(environment !== undefined && { environment }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
  });
}

/** Adds the groups that the stack creates in its own tenant to those that it has found there. */
export function addOwnedGroups(
  entraGroups: Directories["entraGroups"],
  owned: ReadonlyMap<string, pulumi.Input<string>>,
  identityProviders: DirectoriesArgs["identityProviders"],
): Directories["entraGroups"] {
  const extended = listOwnTenantNames(identityProviders).map(
    (name) => [name, new Map([...(getOwn(entraGroups, name) ?? []), ...owned])] as const,
  );
  return { ...entraGroups, ...Object.fromEntries(extended) };
}
