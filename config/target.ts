/** Settings that say which tenant, account and team a stack is deployed to. */
import { guidField, textField } from "./fields";

/** Microsoft clouds by the names that the azuread provider uses. */
export const ENVIRONMENTS = ["public", "usgovernment", "china"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const teamNameField = textField(
  'the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com',
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
);

export const targetFields = {
  tenantId: guidField("the directory (tenant) id, a GUID"),
  accountId: textField("the Cloudflare account id, 32 hexadecimal digits", /^[0-9a-f]{32}$/),
  teamName: teamNameField,
  nextTeamName: teamNameField.optional(),
};
