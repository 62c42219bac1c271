import type { ProviderConfiguration } from "./clients/deployer";
import { findProjectKey, readProjectSetting } from "./stacks/project-setting";

/** Name of the sign-in at the stack's own tenant. */
export const OWN_TENANT = "entra";

/** A tenant at which the stack signs people in. */
export interface StackTenant {
  /** That of its identity provider in the settings; the names of its resources begin with it. */
  readonly name: string;
  /** What the stack would be configured with if this were its own and only tenant. */
  readonly settings: ProviderConfiguration;
}

/** A line about a tenant: whose it is, unless it is the stack's own. */
export const prefixTenant = (tenant: string, text: string) =>
  tenant === OWN_TENANT ? text : `${tenant}: ${text}`;

/** What tells a command which tenant: nothing for the stack's own. */
export const formatTenantOption = (tenant: string) =>
  tenant === OWN_TENANT ? "" : ` --identity-provider ${tenant}`;

/** Those of a stack by its settings, its own the first; the others are `access.identityProviders` that it owns. */
export function listTenants(settings: ProviderConfiguration): [own: StackTenant, ...further: StackTenant[]] {
  const { identityProviders = {} } = (readProjectSetting(settings.config, "access") ?? {}) as Access;
  const further = Object.entries(identityProviders).flatMap(([name, entry]): StackTenant[] =>
    entry?.owned && entry.tenantId
      ? [{ name, settings: { ...settings, config: asOnly(settings.config, name, entry) } }]
      : [],
  );
  return [{ name: OWN_TENANT, settings }, ...further];
}

/** The setting `access`, as far as tenants go; not checked yet. */
interface Access {
  readonly identityProviders?: Readonly<Record<string, Entry | null>>;
}

/** docs/access.md. */
interface Entry {
  readonly owned?: boolean;
  readonly tenantId?: string;
  readonly environment?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly displayName?: string;
  readonly assignedOnly?: boolean;
  readonly permissions?: object;
  readonly identityProvider?: object;
}

/** With the defaults of docs/access.md. An explicit azuread provider reads no `azuread:` settings, but the environment. */
function asOnly(
  config: ProviderConfiguration["config"],
  name: string,
  { environment = "public", displayName = `Entra ID (${name})`, ...entry }: Entry,
): ProviderConfiguration["config"] {
  const { tenantId, clientId, clientSecret, assignedOnly, permissions = {}, identityProvider } = entry;
  const project = findProjectKey(config, "access")?.replace(/:access$/, "");
  const own = {
    tenantId,
    permissions,
    identityProvider: { ...identityProvider, displayName },
    access: { assignedOnly },
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
