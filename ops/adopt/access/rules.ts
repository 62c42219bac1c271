import type { ApiRule, ApiRuleSet } from "../../clients/account-access";

/** Thrown where the settings cannot express a rule; the message is the reason. */
export class NotExpressibleError extends Error {}

/** Rules as settings (docs/access.md). */
export type ConvertedRules = Partial<Record<keyof typeof TYPES | "groups", string[]>>;

/** Rule types of the API by setting, with the key of the value and the kind of subject. */
const TYPES = {
  entraGroups: ["azureAD", "id", "people"],
  emails: ["email", "email", "people"],
  emailDomains: ["email_domain", "domain", "people"],
  countries: ["geo", "country_code", "places"],
  ipRanges: ["ip", "ip", "places"],
  serviceTokens: ["service_token", "token_id", "services"],
} as const;

export interface SettingNames {
  /** The identity provider that is adopted. */
  readonly identityProviderId: string;
  /** Names in the settings of the Access groups that are imported, by id. */
  readonly groups: ReadonlyMap<string, string>;
}

/** Converts an Access group to its settings. @throws NotExpressibleError */
export function convertGroup(group: Omit<ApiRuleSet, "id" | "name">, names: SettingNames) {
  const include = convertRules(group.include ?? [], names);
  if (listSubjectKinds(include).size > 1)
    throw new NotExpressibleError("it includes subjects of different kinds (people, places, services)");
  const hasAddresses = include.emails || include.emailDomains;
  const isOwn = (rule: ApiRule) => rule.login_method?.id === names.identityProviderId;
  const all = group.require ?? [];
  // In the settings, an address counts only at the group's identity provider.
  if (hasAddresses && !all.some(isOwn))
    throw new NotExpressibleError("it admits its addresses from any identity provider");
  const require = convertRules(hasAddresses ? all.filter((rule) => !isOwn(rule)) : all, names);
  const exclude = convertRules(group.exclude ?? [], names);
  return { include, ...omitEmptyGroups({ require, exclude }) };
}

/** @throws NotExpressibleError */
function convertRules(
  rules: readonly ApiRule[],
  { identityProviderId, groups }: SettingNames,
): ConvertedRules {
  const settings: Record<string, string[]> = {};
  const add = (setting: string, value: unknown) => {
    settings[setting] = [...(settings[setting] ?? []), String(value)];
  };
  for (const rule of rules) {
    const [type = "", values = {}] = Object.entries(rule)[0] ?? [];
    const [setting, [, key] = []] = Object.entries(TYPES).find(([, [name]]) => name === type) ?? [];
    if (type === "azureAD" && values.identity_provider_id !== identityProviderId)
      throw new NotExpressibleError("its Entra groups belong to another identity provider");
    if (type === "group") add("groups", getGroupName(groups, values.id));
    else if (setting && key) add(setting, values[key]);
    else throw new NotExpressibleError(`no setting expresses its rule of type ${type}`);
  }
  return settings;
}

export function getGroupName(groups: SettingNames["groups"], id: unknown): string {
  const name = groups.get(String(id));
  if (name === undefined) throw new NotExpressibleError(`its Access group ${id} is not imported`);
  return name;
}

function listSubjectKinds(rules: ConvertedRules): Set<string> {
  return new Set(Object.entries(TYPES).flatMap(([setting, [, , kind]]) => (setting in rules ? [kind] : [])));
}

/** Leaves out groups of settings that are empty. */
export function omitEmptyGroups<T extends Record<string, object | undefined>>(groups: T): Partial<T> {
  const full = Object.entries(groups).filter(([, group]) => group && Object.keys(group).length > 0);
  return Object.fromEntries(full) as Partial<T>;
}
