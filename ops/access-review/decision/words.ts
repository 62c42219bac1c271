import { describeFormula } from "./formula";
import type { AccessRule, AccessRules } from "./model";
import { matchRule, readRule } from "./selectors";

/** Names of Entra groups by object id, in lower case. */
export type GroupNames = (id: string) => string | undefined;

const NOBODY = { providerId: "", matches: () => false };

/** Describes a rule in words: `Entra group "Employees"`. */
export function describeRule(
  rule: AccessRule,
  { groups, providers }: AccessRules,
  names: GroupNames,
): string {
  const [type, settings] = readRule(rule);
  const quoted = (text: unknown) => `"${text}"`;
  switch (type) {
    case "everyone":
      return "everyone";
    case "group":
      return `Access group ${quoted(groups.get(String(settings.id))?.name ?? settings.id)}`;
    case "azureAD":
      return `Entra group ${quoted(names(String(settings.id).toLowerCase()) ?? settings.id)}`;
    case "email":
      return `address ${settings.email}`;
    case "email_domain":
      return `an address of ${settings.domain}`;
    case "login_method":
      return `identity provider ${quoted(providers.get(String(settings.id))?.name ?? settings.id)}`;
    default: {
      const { identity_provider_id: _id, ...others } = settings;
      return describeFormula(matchRule({ [type]: others }, NOBODY));
    }
  }
}
