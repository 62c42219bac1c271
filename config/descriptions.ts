/**
 * The descriptions of all settings, for editors and the tables of docs/config.md and docs/access.md; `npm run reference`
 * writes both. A default that the schema does not have is at the end, after "Default:".
 */
import type * as z from "zod";
import { ACCESS_DESCRIPTIONS } from "./access/descriptions";
import type { accessFields } from "./access/schema";
import type { signInFields } from "./sign-in";
import { SIGN_IN_DESCRIPTIONS, type Texts } from "./sign-in-descriptions";
import type { targetFields } from "./target";

export const DESCRIPTIONS: Texts<
  typeof targetFields & typeof signInFields & { protect: z.ZodBoolean; access: typeof accessFields }
> = {
  tenantId: "directory (tenant) id, a GUID. Must be the tenant that the azuread provider is signed in to",
  accountId: "Cloudflare account id, 32 hexadecimal digits",
  teamName:
    "Zero Trust team name, the part before `.cloudflareaccess.com`, or before `.fed.cloudflareaccess.com` in Cloudflare for Government. Must be that of the account's organization, from whose domain the redirect URI follows",
  nextTeamName:
    "the name that the team is about to get: its redirect URI is registered as well, in every tenant of the stack. For the time of [a rename](runbook.md#renaming-the-team) only, because a name that is free can be taken by somebody else. Default: none",
  protect: "whether Pulumi refuses to delete the application and the identity provider",
  ...SIGN_IN_DESCRIPTIONS,
  access: ACCESS_DESCRIPTIONS,
};
