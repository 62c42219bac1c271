import { OWN_IDENTITY_PROVIDER } from "../config/access/rules";
import { createTenantRelation } from "../config/identity-providers";
import type { ProviderConfiguration } from "./clients/deployer";
import { findProjectKey, readProjectSetting } from "./stacks/settings/project-setting";

/** A tenant whose people the stack lets sign in; one that has several applications is listed for each. */
export interface StackTenant {
  /** The name of its identity provider in the config, with which the names of its resources begin. */
  readonly name: string;
  /** The configuration of a stack whose own and only tenant this is. */
  readonly settings: ProviderConfiguration;
  /** The name of the sign-in in the mark of its objects; undefined if no other one of the stack is for the same tenant. */
  readonly markedSignIn: string | undefined;
}

/** Puts the tenant's name before a text, except for the stack's own tenant. */
export const prefixTenant = (signIn: string, text: string) =>
  signIn === OWN_IDENTITY_PROVIDER ? text : `${signIn}: ${text}`;

/** Formats the option that selects a tenant in a command; empty for the stack's own tenant. */
export const formatTenantOption = (signIn: string) =>
  signIn === OWN_IDENTITY_PROVIDER ? "" : ` --identity-provider ${signIn}`;

/** Lists a stack's tenants: its own first, then those of `access.identityProviders` with `owned`. */
export function listTenants(settings: ProviderConfiguration): [own: StackTenant, ...further: StackTenant[]] {
  return [createOwnTenant(settings), ...listFurtherTenants(settings, ({ owned }) => owned === true)];
}

/** Lists the tenants whose groups a stack reads: its own first, then every identity provider with a `tenantId`. */
export function listDirectories(settings: ProviderConfiguration): StackTenant[] {
  return [createOwnTenant(settings), ...listFurtherTenants(settings, () => true)];
}

const createOwnTenant = (settings: ProviderConfiguration): StackTenant => ({
  name: OWN_IDENTITY_PROVIDER,
  settings,
  markedSignIn: undefined,
});

function listFurtherTenants(
  settings: ProviderConfiguration,
  isChosen: (entry: IdentityProviderEntry) => boolean,
): StackTenant[] {
  const { identityProviders = {} } = (readProjectSetting(settings.config, "access") ?? {}) as AccessConfig;
  const relate = createTenantRelation(readProjectSetting(settings.config, "tenantId"), identityProviders);
  return Object.entries(identityProviders).flatMap(([name, entry]): StackTenant[] => {
    if (!entry?.tenantId || !isChosen(entry)) return [];
    const { isOwn, sharesTenant } = relate(entry.tenantId);
    const config = buildSingleTenantConfig(settings.config, name, {
      ...entry,
      isOwn: entry.owned === true && isOwn,
    });
    return [{ name, settings: { ...settings, config }, markedSignIn: sharesTenant ? name : undefined }];
  });
}

/** The part of the setting `access` that describes tenants; not validated. */
interface AccessConfig {
  readonly identityProviders?: Readonly<Record<string, IdentityProviderEntry | null>>;
}

interface IdentityProviderEntry {
  readonly owned?: boolean;
  readonly tenantId?: string;
  readonly environment?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly displayName?: string;
  readonly assignedOnly?: boolean;
  readonly permissions?: object;
  readonly identityProvider?: object;
  readonly application?: object;
  readonly conditionalAccess?: object;
}

/**
 * Builds the configuration of a stack that has one tenant only. An explicit azuread provider reads no `azuread:` settings,
 * only its arguments and the environment; further sign-ins to the stack's own tenant have the stack's default provider.
 */
function buildSingleTenantConfig(
  config: ProviderConfiguration["config"],
  name: string,
  {
    environment = "public",
    displayName = `Entra ID (${name})`,
    isOwn,
    ...entry
  }: IdentityProviderEntry & { isOwn: boolean },
): ProviderConfiguration["config"] {
  const { tenantId, clientId, clientSecret, assignedOnly, permissions = {}, identityProvider } = entry;
  const { application = {}, conditionalAccess = {} } = entry;
  const project = findProjectKey(config, "access")?.replace(/:access$/, "");
  const own = {
    tenantId,
    permissions,
    identityProvider: { ...identityProvider, displayName },
    access: { assignedOnly },
    application,
    conditionalAccess,
  };
  const all = [
    ...Object.entries(config).filter(([key]) => isOwn || !key.startsWith("azuread:")),
    ...Object.entries(own).map(([key, value]) => [`${project}:${key}`, value] as const),
    ...Object.entries({ tenantId, environment, clientId, clientSecret }).flatMap(([key, value]) =>
      isOwn || value === undefined ? [] : [[`azuread:${key}`, value] as const],
    ),
  ];
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(all.map(([key, value]) => [key, asText(value)]));
}
