import type { Account, IdentityProvider } from "../store/account";

/** What stands in place of a secret. */
export const MASK = "*".repeat(34);

/**
 * An identity provider as Access shows it: with the client secret masked or not at all, with the SCIM secret only when
 * it was just made.
 *
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers/methods/get
 *
 * @param scimSecret the bearer token, in the one answer that may carry it
 */
export function identityProviderWire(
  account: Account,
  provider: IdentityProvider,
  scimSecret?: string,
): Record<string, unknown> {
  const { id, name, version, scim } = provider;
  const { authDomain } = account.organization;
  return {
    id,
    uid: id,
    type: "azureAD",
    name,
    version,
    config: {
      ...provider.config,
      ...(account.masksClientSecrets ? { client_secret: MASK } : {}),
      redirect_url: `https://${authDomain}/cdn-cgi/access/callback`,
    },
    scim_config: {
      enabled: scim.enabled,
      identity_update_behavior: scim.identityUpdateBehavior,
      seat_deprovision: scim.seatDeprovision,
      user_deprovision: scim.userDeprovision,
      ...(scim.secretHash
        ? { scim_base_url: `https://${authDomain}/populations/${id}/scim/v2`, secret: scimSecret ?? MASK }
        : {}),
    },
    created_at: provider.createdAt,
    updated_at: provider.updatedAt,
  };
}
