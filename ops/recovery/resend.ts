import type { DeployerClouds } from "../clients/deployer";
import { type ApplicationIds, findCurrentClientSecret, type TenantState } from "./tenant-state";

/** What came of sending Cloudflare its copy of the client secret again. */
export type ResendResult =
  /** Entra accepted the secret, then Cloudflare got it. */
  | { readonly keyId: string }
  /** Entra does not accept the secret that the state holds, in its own words: Cloudflare keeps what it has. */
  | { readonly refused: string }
  /** There is no secret, or nobody to send it to: the run that follows makes both. */
  | undefined;

/**
 * Sends the secret of the state to the identity provider again, proven first; every other setting stays as it is at
 * Cloudflare. For when its copy may be another one: Cloudflare never shows it, so no preview would tell.
 */
export async function resendClientSecret(
  clouds: DeployerClouds,
  known: TenantState,
  application: ApplicationIds | undefined,
): Promise<ResendResult> {
  const credential = findCurrentClientSecret(known)?.outputs;
  const id = known.resources.get("identityProvider")?.id;
  if (!application || !credential || !id) return undefined;
  const secret = String(credential.value);
  const refused = await refusal(clouds, application.appId, secret);
  if (refused) return { refused };

  const { cloudflare, accountId } = clouds;
  const providers = cloudflare.zeroTrust.identityProviders;
  const found = await providers.get(id, { account_id: accountId }).catch((error: { status?: number }) => {
    if (error.status !== 404) throw error;
  });
  if (!found) return undefined;
  const { name, type, config, scim_config } = found as unknown as Provider;
  // What Cloudflare shows and does not take back.
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
  return { keyId: String(credential.keyId) };
}

interface Provider {
  name: string;
  type: string;
  config: Record<string, unknown>;
  scim_config?: Record<string, unknown>;
}

/** Why Entra does not accept a client secret; undefined where it does. */
async function refusal(
  { entra, tenantId }: DeployerClouds,
  clientId: string,
  secret: string,
): Promise<string | undefined> {
  try {
    await entra.signIn(tenantId, { client_id: clientId, client_secret: secret });
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    // 7000215 wrong or not known yet, 7000222 expired, 700016 no such application. Any other refusal (Conditional
    // Access for workloads, say) comes after the secret was accepted; no AADSTS at all is no judgement.
    if (/AADSTS(7000215|7000222|700016)\b/.test(message)) return message;
    if (/AADSTS/.test(message)) return undefined;
    throw error;
  }
}
