import type { ProviderSettings } from "./clients/deployer";
import { ownKey, ownSetting } from "./stacks/own-setting";

/** Name of the sign-in at the stack's own tenant. */
export const OWN = "entra";

/** A tenant at which the stack signs people in. */
export interface Tenant {
  /** That of its identity provider in the settings; the names of its resources begin with it. */
  readonly name: string;
  /** What the stack would be configured with if this were its own and only tenant. */
  readonly settings: ProviderSettings;
}

/** A line about a tenant: whose it is, unless it is the stack's own. */
export const saidOf = (tenant: string, text: string) => (tenant === OWN ? text : `${tenant}: ${text}`);

/** What tells a command which tenant: nothing for the stack's own. */
export const optionFor = (tenant: string) => (tenant === OWN ? "" : ` --identity-provider ${tenant}`);

/** Those of a stack by its settings, its own the first; the others are `access.identityProviders` that it owns. */
export function tenantsOf(settings: ProviderSettings): [own: Tenant, ...further: Tenant[]] {
  const { identityProviders = {} } = (ownSetting(settings.config, "access") ?? {}) as Access;
  const further = Object.entries(identityProviders).flatMap(([name, entry]): Tenant[] =>
    entry?.owned && entry.tenantId
      ? [{ name, settings: { ...settings, config: asOnly(settings.config, name, entry) } }]
      : [],
  );
  return [{ name: OWN, settings }, ...further];
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
  config: ProviderSettings["config"],
  name: string,
  { environment = "public", displayName = `Entra ID (${name})`, ...entry }: Entry,
): ProviderSettings["config"] {
  const { tenantId, clientId, clientSecret, assignedOnly, permissions = {}, identityProvider } = entry;
  const project = ownKey(config, "access")?.replace(/:access$/, "");
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
