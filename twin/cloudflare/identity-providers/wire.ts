import type { Account, EntraProvider, IdentityProviderRecord } from "../../store/cloudflare/account";

/** The text in place of a secret. */
export const MASK = "*".repeat(34);

/**
 * Formats an identity provider as Access does: the client secret is masked or omitted, and the SCIM secret is
 * returned only by the request that created it.
 *
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers/methods/get
 *
 * @param scimSecret the bearer token, in the one answer that may carry it
 */
export function toIdentityProviderWire(
  account: Account,
  provider: IdentityProviderRecord,
  scimSecret?: string,
): Record<string, unknown> {
  const { id, type, name, version } = provider;
  const { authDomain } = account.organization;
  const { config, scim } = type === "azureAD" ? entraSettings(account, provider, scimSecret) : NO_SETTINGS;
  return {
    id,
    uid: id,
    type,
    name,
    version,
    config: { ...config, redirect_url: `https://${authDomain}/cdn-cgi/access/callback` },
    scim_config: scim,
    created_at: provider.createdAt,
    updated_at: provider.updatedAt,
  };
}

const NO_SETTINGS = { config: {}, scim: {} };

function entraSettings(account: Account, { id, config, scim }: EntraProvider, scimSecret?: string) {
  const base = `https://${account.organization.authDomain}/populations/${id}/scim/v2`;
  return {
    config: { ...config, ...(account.masksClientSecrets ? { client_secret: MASK } : {}) },
    scim: {
      enabled: scim.enabled,
      identity_update_behavior: scim.identityUpdateBehavior,
      seat_deprovision: scim.seatDeprovision,
      user_deprovision: scim.userDeprovision,
      ...(scim.secretHash ? { scim_base_url: base, secret: scimSecret ?? MASK } : {}),
    },
  };
}
