/** Addresses of a Cloudflare Access team. */

/** Returns the domain of a team, which is the `auth_domain` of its Cloudflare organization. */
export function getTeamDomain(teamName: string): string {
  return `${teamName}.cloudflareaccess.com`;
}

/** Returns the redirect URI after a sign-in at Entra, which all identity providers of a team share. */
export function getRedirectUri(teamName: string): string {
  return `https://${getTeamDomain(teamName)}/cdn-cgi/access/callback`;
}

/**
 * Returns the page behind the dashboard's "Test" button of an identity provider. Cloudflare documents the button, not
 * the address; if the page is not there, use Zero Trust > Settings > Authentication > Test.
 */
export function getTestUrl(teamName: string, identityProviderId: string): string {
  return `https://${getTeamDomain(teamName)}/cdn-cgi/access/test-idp/${identityProviderId}`;
}
