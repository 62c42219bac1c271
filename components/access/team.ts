/** Addresses of a Cloudflare Access team. */
import { formatRedirectUri, TEAMS_DOMAINS } from "../../config/target";

/**
 * Returns the domain of a team, which is the `auth_domain` of its Cloudflare organization.
 *
 * @param teamsDomain the domain of all teams; default: that of Cloudflare, which is another in Cloudflare for Government
 */
export function getTeamDomain(teamName: string, teamsDomain: string = TEAMS_DOMAINS[0]): string {
  return `${teamName}.${teamsDomain}`;
}

/** Returns the redirect URI after a sign-in at Entra, which all identity providers of a team share. */
export function getRedirectUri(teamName: string, teamsDomain?: string): string {
  return formatRedirectUri(getTeamDomain(teamName, teamsDomain));
}

/**
 * Returns the page behind the dashboard's "Test" button of an identity provider. Cloudflare documents the button, not
 * the address; if the page is not there, use Zero Trust > Settings > Authentication > Test.
 */
export function getTestUrl(teamName: string, identityProviderId: string, teamsDomain?: string): string {
  return `https://${getTeamDomain(teamName, teamsDomain)}/cdn-cgi/access/test-idp/${identityProviderId}`;
}
