import type * as z from "zod";
import { OWN_IDENTITY_PROVIDER } from "./access/rules";
import type { AccessConfig } from "./access/schema";
import { signInFields } from "./sign-in";
import type { Environment } from "./target";

/** An Entra tenant, and the application that reads its groups; default: ARM_CLIENT_ID of the environment. */
export interface DirectoryConfig {
  tenantId: string;
  environment?: Environment;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** True for the stack's own tenant, to which its default provider is signed in; default: false. */
  isOwn?: boolean;
}

/** The sign-in to one tenant: an application there and an identity provider in Access. */
export type TenantConfig = { [name in keyof typeof signInFields]: z.output<(typeof signInFields)[name]> } & {
  directory: DirectoryConfig;
  assignedOnly: boolean;
  /** True if this is not the only sign-in of the stack to its tenant, so that the mark of its objects has its name. */
  sharesTenant: boolean;
};

/** An identity provider that the account has already. Without a directory it has no Entra groups. */
export interface ExistingIdentityProvider {
  kind: "existing";
  id: string;
  directory?: DirectoryConfig | undefined;
}

/** An identity provider that the stack creates for a tenant, beside the one for its own. */
export interface OwnedTenant extends TenantConfig {
  kind: "tenant";
}

/** An identity provider that the stack creates to mail one-time PINs. */
export interface OwnedOneTimePin {
  kind: "oneTimePin";
  displayName?: string | undefined;
}

/** An identity provider beside the one for the stack's own tenant. */
export type IdentityProviderConfig = ExistingIdentityProvider | OwnedTenant | OwnedOneTimePin;

type IdentityProviderSettings = AccessConfig["identityProviders"];

/** Resolves the checked settings of identity providers to their kinds, with defaults filled in. */
export function resolveIdentityProviders(
  all: IdentityProviderSettings,
  ownTenantId: string,
): Record<string, IdentityProviderConfig> {
  const relate = createTenantRelation(ownTenantId, all);
  const resolved = Object.entries(all).map(
    ([name, settings]) => [name, resolveIdentityProvider(name, settings, relate(settings.tenantId))] as const,
  );
  return Object.fromEntries(resolved);
}

/** How an identity provider's tenant relates to the others of the stack. */
export interface TenantRelation {
  readonly isOwn: boolean;
  /** True if the stack creates more than one identity provider for it. */
  readonly sharesTenant: boolean;
}

/** Returns a function that tells how a tenant relates to the others. The settings need not be checked. */
export function createTenantRelation(
  ownTenantId: unknown,
  all: Readonly<Record<string, { readonly owned?: boolean; readonly tenantId?: unknown } | null>>,
): (tenantId: unknown) => TenantRelation {
  const toKey = (tenantId: unknown) => String(tenantId).toLowerCase();
  const owned = Object.values(all).flatMap((entry) =>
    entry?.owned && entry.tenantId ? [entry.tenantId] : [],
  );
  const keys = [ownTenantId, ...owned].map(toKey);
  return (tenantId) => ({
    isOwn: toKey(tenantId) === keys[0],
    sharesTenant: keys.filter((key) => key === toKey(tenantId)).length > 1,
  });
}

function resolveIdentityProvider(
  name: string,
  settings: IdentityProviderSettings[string],
  { isOwn, sharesTenant }: TenantRelation,
): IdentityProviderConfig {
  const { id, tenantId, environment, clientId, clientSecret, displayName } = settings;
  const directory = tenantId === undefined ? undefined : { tenantId, environment, clientId, clientSecret };
  if (id !== undefined) return { kind: "existing", id, directory };
  if (directory === undefined) return { kind: "oneTimePin", displayName };
  const { application, permissions, credential, identityProvider, conditionalAccess } = signInFields;
  const ownName = { displayName: displayName ?? `Entra ID (${name})` };
  return {
    kind: "tenant",
    directory: isOwn ? { tenantId: directory.tenantId, isOwn } : directory,
    assignedOnly: settings.assignedOnly ?? false,
    sharesTenant,
    application: application.parse(settings.application),
    permissions: permissions.parse(settings.permissions),
    credential: credential.parse(settings.credential),
    conditionalAccess: conditionalAccess.parse(settings.conditionalAccess),
    identityProvider: identityProvider.parse({ ...settings.identityProvider, ...ownName }),
  };
}

/** Lists the names of the identity providers that the stack creates for its own tenant. */
export function listOwnTenantNames(
  identityProviders: Readonly<Record<string, IdentityProviderConfig>>,
): string[] {
  const further = Object.entries(selectIdentityProviders(identityProviders, "tenant"));
  return [
    OWN_IDENTITY_PROVIDER,
    ...further.flatMap(([name, { directory }]) => (directory.isOwn ? [name] : [])),
  ];
}

/** Returns the display name of the application in Entra, without the suffix that makes it unique. */
export function getApplicationName(
  application: { displayName?: string | undefined } | undefined,
  teamName: string,
): string {
  return application?.displayName ?? `Cloudflare Access (${teamName})`;
}

/** Selects the identity providers of one kind, by name. */
export function selectIdentityProviders<Kind extends IdentityProviderConfig["kind"]>(
  identityProviders: Readonly<Record<string, IdentityProviderConfig>>,
  kind: Kind,
): Record<string, Extract<IdentityProviderConfig, { kind: Kind }>> {
  const isOfKind = (
    entry: [string, IdentityProviderConfig],
  ): entry is [string, Extract<IdentityProviderConfig, { kind: Kind }>] => entry[1].kind === kind;
  return Object.fromEntries(Object.entries(identityProviders).filter(isOfKind));
}
