/** Where Cloudflare Access lives for a team: its domain and the addresses on it. */

/** `<team>.cloudflareaccess.com`, the `auth_domain` of the team's Cloudflare organization. */
export function teamDomain(teamName: string): string {
  return `${teamName}.cloudflareaccess.com`;
}

/** The redirect URI that Entra sends people back to after sign-in; the same for all identity providers of a team. */
export function callbackUrl(teamName: string): string {
  return `https://${teamDomain(teamName)}/cdn-cgi/access/callback`;
}

/**
 * The page behind the dashboard's "Test" button of an identity provider. Cloudflare documents the button, not the
 * address; if the page is not there, use Zero Trust > Settings > Authentication > Test.
 */
export function testUrl(teamName: string, identityProviderId: string): string {
  return `https://${teamDomain(teamName)}/cdn-cgi/access/test-idp/${identityProviderId}`;
}
