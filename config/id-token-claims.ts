/**
 * Optional claims of Entra, which id tokens carry only if the application requests them:
 * https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
 */
const OPTIONAL_CLAIMS = new Set([
  "acct",
  "ctry",
  "email",
  "family_name",
  "fwd",
  "given_name",
  "ipaddr",
  "login_hint",
  "onprem_sid",
  "sid",
  "tenant_ctry",
  "upn",
  "verified_primary_email",
  "verified_secondary_email",
  "vnet",
  "xms_pdl",
  "xms_pl",
]);

/**
 * Lists the optional claims that the application requests: `email` if it is set, and the one that holds the address.
 * Without it, Cloudflare silently takes the address from another claim, and rules match nobody or another person.
 */
export function listIdTokenClaims(emailClaim: boolean, emailClaimName: string | undefined): string[] {
  const named = emailClaimName !== undefined && OPTIONAL_CLAIMS.has(emailClaimName) ? [emailClaimName] : [];
  return [...new Set([...(emailClaim ? ["email"] : []), ...named])];
}
