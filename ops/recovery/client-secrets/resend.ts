import type { DeployerClouds } from "../../clients/deployer";
import { ignoreNotFound } from "../../clients/errors";
import { type ApplicationIds, findCurrentClientSecret, type TenantState } from "../tenant-state";

/** The outcome of sending the client secret to Cloudflare again. */
export type ResendResult =
  /** Entra accepted the client secret, and Cloudflare received it. */
  | { readonly keyId: string }
  /** Entra refused the client secret in the state, with this message; Cloudflare keeps the one it has. */
  | { readonly refused: string }
  /** There is no client secret or no identity provider yet; the run that follows creates both. */
  | undefined;

/**
 * Sends the client secret in the state to the identity provider again, after Entra has accepted it; every other property
 * stays as it is. Cloudflare never shows its copy, so no preview tells when that is another one.
 */
export async function resendClientSecret(
  clouds: DeployerClouds,
  state: TenantState,
  application: ApplicationIds | undefined,
): Promise<ResendResult> {
  const current = findCurrentClientSecret(state)?.outputs;
  const id = state.resources.get("identityProvider")?.id;
  if (!application || !current || !id) return undefined;
  const secret = String(current.value);
  const refused = await testClientSecret(clouds, application.appId, secret);
  if (refused) return { refused };

  const { cloudflare, accountId } = clouds;
  const providers = cloudflare.zeroTrust.identityProviders;
  const existing = await providers.get(id, { account_id: accountId }).catch(ignoreNotFound);
  if (!existing) return undefined;
  const { name, type, config, scim_config } = existing as unknown as Provider;
  // Read-only properties, which Cloudflare does not accept in an update.
  const { redirect_url: _url, ...settings } = config;
  const { secret: _secret, scim_base_url: _base, ...scim } = scim_config ?? {};
  const body = {
    account_id: accountId,
    name,
    type,
    config: { ...settings, client_secret: secret },
    ...(scim_config ? { scim_config: scim } : {}),
  };
  await providers.update(id, body as unknown as Parameters<typeof providers.update>[1]);
  return { keyId: String(current.keyId) };
}

interface Provider {
  name: string;
  type: string;
  config: Record<string, unknown>;
  scim_config?: Record<string, unknown>;
}

/** Returns why Entra refuses a client secret; undefined where it accepts it. */
async function testClientSecret(
  { entra, tenantId }: DeployerClouds,
  clientId: string,
  secret: string,
): Promise<string | undefined> {
  try {
    await entra.signIn(tenantId, { client_id: clientId, client_secret: secret });
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    // 7000215: wrong or not replicated yet, 7000222: expired, 700016: no such application, 7000229: no service principal.
    // Any other AADSTS code (Conditional Access for workloads, for example) comes after the secret was accepted; no code
    // proves nothing.
    if (/AADSTS(7000215|7000222|700016|7000229)\b/.test(message)) return message;
    if (/AADSTS/.test(message)) return undefined;
    throw error;
  }
}
