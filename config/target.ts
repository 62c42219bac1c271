/** Where a stack belongs; docs/config.md has the settings one by one. */
import { guid, text } from "./settings";

/** Clouds of Microsoft's, as the azuread provider calls them. */
export const ENVIRONMENTS = ["public", "usgovernment", "china"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const targetSettings = {
  tenantId: text("the directory (tenant) id, a GUID", guid),
  accountId: text("the Cloudflare account id, 32 hexadecimal digits", /^[0-9a-f]{32}$/),
  teamName: text(
    'the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com',
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  ),
};
