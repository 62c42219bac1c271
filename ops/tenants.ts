import type { ProviderConfiguration } from "./clients/deployer";
import { findProjectKey, readProjectSetting } from "./stacks/settings/project-setting";

/** The name of the stack's own tenant, with which the names of its resources begin. */
export const OWN_TENANT = "entra";

/** A tenant whose people the stack lets sign in. */
export interface StackTenant {
  /** The name of its identity provider in the config, with which the names of its resources begin. */
  readonly name: string;
  /** The configuration of a stack whose own and only tenant this is. */
  readonly settings: ProviderConfiguration;
}

/** Puts the tenant's name before a text, except for the stack's own tenant. */
export const prefixTenant = (tenant: string, text: string) =>
  tenant === OWN_TENANT ? text : `${tenant}: ${text}`;

/** Formats the option that selects a tenant in a command; empty for the stack's own tenant. */
export const formatTenantOption = (tenant: string) =>
  tenant === OWN_TENANT ? "" : ` --identity-provider ${tenant}`;

/** Lists a stack's tenants: its own first, then those of `access.identityProviders` with `owned`. */
export function listTenants(settings: ProviderConfiguration): [own: StackTenant, ...further: StackTenant[]] {
  return [{ name: OWN_TENANT, settings }, ...listFurtherTenants(settings, ({ owned }) => owned === true)];
}

/** Lists the tenants whose groups a stack reads: its own first, then every identity provider with a `tenantId`. */
export function listDirectories(settings: ProviderConfiguration): StackTenant[] {
  return [{ name: OWN_TENANT, settings }, ...listFurtherTenants(settings, () => true)];
}

function listFurtherTenants(
  settings: ProviderConfiguration,
  isChosen: (entry: IdentityProviderEntry) => boolean,
): StackTenant[] {
  const { identityProviders = {} } = (readProjectSetting(settings.config, "access") ?? {}) as AccessConfig;
  return Object.entries(identityProviders).flatMap(([name, entry]): StackTenant[] =>
    entry?.tenantId && isChosen(entry)
      ? [{ name, settings: { ...settings, config: buildSingleTenantConfig(settings.config, name, entry) } }]
      : [],
  );
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

/** An explicit azuread provider reads no `azuread:` settings, only its arguments and the environment. */
function buildSingleTenantConfig(
  config: ProviderConfiguration["config"],
  name: string,
  { environment = "public", displayName = `Entra ID (${name})`, ...entry }: IdentityProviderEntry,
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
    ...Object.entries(config).filter(([key]) => !key.startsWith("azuread:")),
    ...Object.entries(own).map(([key, value]) => [`${project}:${key}`, value] as const),
    ...Object.entries({ tenantId, environment, clientId, clientSecret }).flatMap(([key, value]) =>
      value === undefined ? [] : [[`azuread:${key}`, value] as const],
    ),
  ];
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(all.map(([key, value]) => [key, asText(value)]));
}
