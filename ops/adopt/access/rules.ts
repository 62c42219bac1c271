import type { ApiRule, ApiRuleSet } from "./account";

/** What the settings cannot say; the message says why, after "because". */
export class NotExpressibleError extends Error {}

/** The settings that say the same as a group's or a policy's rules: docs/access.md. */
export type ConvertedRules = Partial<Record<keyof typeof TYPES | "groups", string[]>>;

/** Rule types of the API by setting, and where the value is. */
const TYPES = {
  entraGroups: ["azureAD", "id", "people"],
  emails: ["email", "email", "people"],
  emailDomains: ["email_domain", "domain", "people"],
  countries: ["geo", "country_code", "places"],
  ipRanges: ["ip", "ip", "places"],
  serviceTokens: ["service_token", "token_id", "services"],
} as const;

export interface SettingNames {
  /** Of the identity provider that is taken over. */
  readonly identityProviderId: string;
  /** Names in the settings by id of an Access group; absent where the group is not taken over. */
  readonly groups: ReadonlyMap<string, string>;
}

/** The settings of an Access group. @throws NotDeclarable */
export function convertGroup(group: ApiRuleSet, names: SettingNames) {
  const include = ruleSettings(group.include ?? [], names);
  if (kindsIn(include).size > 1)
    throw new NotExpressibleError("it includes people and places, or services, side by side");
  const isAboutAddresses = include.emails || include.emailDomains;
  const own = (rule: ApiRule) => rule.login_method?.id === names.identityProviderId;
  const all = group.require ?? [];
  // The settings say by the group's identity provider that an address counts only there.
  if (isAboutAddresses && !all.some(own))
    throw new NotExpressibleError(
      "its addresses count wherever somebody shows them, not at this identity provider alone",
    );
  const require = ruleSettings(isAboutAddresses ? all.filter((rule) => !own(rule)) : all, names);
  const exclude = ruleSettings(group.exclude ?? [], names);
  return { include, ...omitEmptyGroups({ require, exclude }) };
}

/** @throws NotDeclarable */
function ruleSettings(
  rules: readonly ApiRule[],
  { identityProviderId, groups }: SettingNames,
): ConvertedRules {
  const settings: Record<string, string[]> = {};
  const say = (setting: string, value: unknown) => {
    settings[setting] = [...(settings[setting] ?? []), String(value)];
  };
  for (const rule of rules) {
    const [type = "", values = {}] = Object.entries(rule)[0] ?? [];
    const [setting, [, key] = []] = Object.entries(TYPES).find(([, [name]]) => name === type) ?? [];
    if (type === "azureAD" && values.identity_provider_id !== identityProviderId)
      throw new NotExpressibleError("it is about groups of several identity providers");
    if (type === "group") say("groups", getGroupName(groups, values.id));
    else if (setting && key) say(setting, values[key]);
    else throw new NotExpressibleError(`no setting is for its rule of type ${type}`);
  }
  return settings;
}

export function getGroupName(groups: SettingNames["groups"], id: unknown): string {
  const name = groups.get(String(id));
  if (name === undefined)
    throw new NotExpressibleError(`Access group ${id}, which it names, is not taken over`);
  return name;
}

function kindsIn(rules: ConvertedRules): Set<string> {
  return new Set(Object.entries(TYPES).flatMap(([setting, [, , kind]]) => (setting in rules ? [kind] : [])));
}

/** Without the groups of settings that are empty. */
export function omitEmptyGroups<T extends Record<string, object | undefined>>(groups: T): Partial<T> {
  const full = Object.entries(groups).filter(([, group]) => group && Object.keys(group).length > 0);
  return Object.fromEntries(full) as Partial<T>;
}
