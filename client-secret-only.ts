import * as pulumi from "@pulumi/pulumi";
import { createTokenProbe, type ProgramContext } from "./clouds/token-probe";
import { createClientSecret } from "./components/entra/client-secret/client-secret-only";
import { createProvider } from "./components/entra/directory/directories";
import { OWN_IDENTITY_PROVIDER, parseConfig, selectIdentityProviders, type TenantConfig } from "./config";
import { CLIENT_SECRET_ONLY } from "./config/run";

/** Reads the name of the identity provider whose client secret alone this run updates; undefined in every other run. */
export function readClientSecretOnly(): string | undefined {
  const [pid, name] = pulumi.runtime.getConfig(CLIENT_SECRET_ONLY)?.split("/") ?? [];
  // The process id makes sure that only `npx entra-access` sets this: it also excludes all other resources, which a run
  // without that limit would delete.
  return Number(pid) === process.pid ? name : undefined;
}

/** Creates the client secret that one tenant has to have now, and sends it to Cloudflare; nothing else. */
export async function updateClientSecret(name: string, context: ProgramContext) {
  const { tenant, ...target } = loadSignInConfig(name);
  return createClientSecret(name, {
    ...tenant,
    ...target,
    now: context.now?.() ?? new Date(),
    verifyClient: createTokenProbe(context, tenant.directory.environment),
    provider: tenant.directory.isOwn ? undefined : createProvider(name, tenant.directory),
  });
}

/**
 * Reads the config of the sign-in to one tenant, whatever else the config has: access rules that are not valid any more
 * must not keep a client secret from being replaced.
 *
 * @throws RunError as {@link parseConfig} does, and if there is no such tenant
 */
function loadSignInConfig(name: string) {
  const project = pulumi.getProject();
  const { [`${project}:access`]: access, ...others } = pulumi.runtime.allConfig();
  const all = readIdentityProviders(access);
  const entry = name !== OWN_IDENTITY_PROVIDER && Object.hasOwn(all, name) ? all[name] : undefined;
  const reduced = { [`${project}:access`]: JSON.stringify({ identityProviders: { [name]: entry } }) };
  const { accountId, teamName, protect, tenantId, ...own } = parseConfig(
    { ...others, ...(entry === undefined ? {} : reduced) },
    project,
  );
  const tenant: TenantConfig | undefined =
    name === OWN_IDENTITY_PROVIDER
      ? { ...own, assignedOnly: false, sharesTenant: false, directory: { tenantId, isOwn: true } }
      : selectIdentityProviders(own.access.identityProviders, "tenant")[name];
  if (!tenant) throw new pulumi.RunError(`identity provider "${name}" is not a tenant of the stack`);
  const isSameTenant = (one: IdentityProviderEntry | null) =>
    one?.owned === true && one.tenantId?.toLowerCase() === tenant.directory.tenantId;
  const sharesTenant = tenant.sharesTenant || Object.values(all).filter(isSameTenant).length > 1;
  return { accountId, teamName, protect, tenant: { ...tenant, sharesTenant } };
}

/** The part of an identity provider's settings that says to which tenant it belongs; not validated. */
interface IdentityProviderEntry {
  readonly owned?: boolean;
  readonly tenantId?: string;
}

function readIdentityProviders(access = "{}"): Readonly<Record<string, IdentityProviderEntry | null>> {
  return JSON.parse(access)?.identityProviders ?? {};
}
