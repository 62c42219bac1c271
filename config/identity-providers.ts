import type * as z from "zod";
import type { AccessConfig } from "./access/schema";
import { signInFields } from "./sign-in";
import type { Environment } from "./target";

/** An Entra tenant, and the application that reads its groups; default: ARM_CLIENT_ID of the environment. */
export interface DirectoryConfig {
  tenantId: string;
  environment?: Environment;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
}

/** The sign-in to one tenant: an application there and an identity provider in Access. */
export type TenantConfig = { [name in keyof typeof signInFields]: z.output<(typeof signInFields)[name]> } & {
  directory: DirectoryConfig;
  assignedOnly: boolean;
};

/** An identity provider that the account has already. Without a directory it has no Entra groups. */
export interface ExistingIdentityProvider {
  kind: "existing";
  id: string;
  directory?: DirectoryConfig | undefined;
}

/** An identity provider that the stack creates for another tenant than its own. */
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

/** Resolves the checked settings of an identity provider to its kind, with defaults filled in. */
export function resolveIdentityProvider(
  name: string,
  settings: AccessConfig["identityProviders"][string],
): IdentityProviderConfig {
  const { id, tenantId, environment, clientId, clientSecret, displayName } = settings;
  const directory = tenantId === undefined ? undefined : { tenantId, environment, clientId, clientSecret };
  if (id !== undefined) return { kind: "existing", id, directory };
  if (directory === undefined) return { kind: "oneTimePin", displayName };
  const { application, permissions, credential, identityProvider, conditionalAccess } = signInFields;
  const ownName = { displayName: displayName ?? `Entra ID (${name})` };
  return {
    kind: "tenant",
    directory,
    assignedOnly: settings.assignedOnly ?? false,
    application: application.parse(settings.application),
    permissions: permissions.parse(settings.permissions),
    credential: credential.parse(settings.credential),
    conditionalAccess: conditionalAccess.parse(settings.conditionalAccess),
    identityProvider: identityProvider.parse({ ...settings.identityProvider, ...ownName }),
  };
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
