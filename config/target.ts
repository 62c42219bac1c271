/** Settings that say which tenant, account and team a stack is deployed to. */
import { guidField, textField } from "./values/fields";

/** Microsoft clouds by the names that the azuread provider uses. */
export const ENVIRONMENTS = ["public", "usgovernment", "china"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const teamNameField = textField(
  'the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com',
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
);

/** The domains of teams: that of Cloudflare, and that of Cloudflare for Government. */
export const TEAMS_DOMAINS = ["cloudflareaccess.com", "fed.cloudflareaccess.com"] as const;

/** Formats the redirect URI after a sign-in at Entra, which all identity providers of a team share. */
export const formatRedirectUri = (teamDomain: string) => `https://${teamDomain}/cdn-cgi/access/callback`;

/** Finds the domain of all teams in the domain of one of these teams; undefined if it belongs to another team. */
export function findTeamsDomain(teamDomain: string | undefined, ...teamNames: string[]): string | undefined {
  return TEAMS_DOMAINS.find((domain) => teamNames.some((name) => teamDomain === `${name}.${domain}`));
}

export const targetFields = {
  tenantId: guidField("the directory (tenant) id, a GUID").describe(
    "directory (tenant) id, a GUID. Must be the tenant that the azuread provider is signed in to",
  ),
  accountId: textField("the Cloudflare account id, 32 hexadecimal digits", /^[0-9a-f]{32}$/).describe(
    "Cloudflare account id, 32 hexadecimal digits",
  ),
  teamName: teamNameField.describe(
    "Zero Trust team name, the part before `.cloudflareaccess.com`, or before `.fed.cloudflareaccess.com` in Cloudflare for Government. Must be that of the account's organization, from whose domain the redirect URI follows",
  ),
  nextTeamName: teamNameField
    .optional()
    .describe(
      "the name that the team is about to get: its redirect URI is registered as well, in every tenant of the stack. For the time of [a rename](runbook.md#renaming-the-team) only, because a name that is free can be taken by somebody else. Default: none",
    ),
};
