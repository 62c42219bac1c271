import { createCondition, type Formula } from "./formula";
import type { AccessRule, AccessRules, Application } from "./model";

type Settings = Readonly<Record<string, unknown>>;

/** The person who signs in, or the people of an identity provider that no directory describes. */
export interface Visitor {
  /** Undefined before the sign-in. */
  readonly providerId: string | undefined;
  /** False where the identity provider says nothing of how the person signed in: a one-time PIN is no second factor. */
  readonly reportsMethods?: boolean;
  /** Decides a rule about the person: `azureAD`, `email` or `email_domain` of this identity provider. */
  matches(rule: AccessRule): Formula;
}

/** Type and settings of a rule. */
export function readRule(rule: AccessRule): [type: string, settings: Settings] {
  const [[type, settings] = ["nothing", {}], ...more] = Object.entries(rule);
  return more.length > 0 ? ["several types", {}] : [type, settings];
}

/** Types of rules about the person, which Access can only evaluate after a sign-in. */
export const PERSON_RULES: ReadonlySet<string> = new Set(["azureAD", "email", "email_domain"]);
const SIGN_IN: ReadonlySet<string> = new Set([
  ...PERSON_RULES,
  "login_method",
  "auth_method",
  "auth_context",
]);

/** Rules whose settings name the identity provider that they are about; a sign-in elsewhere does not match. */
const getProvider = ({ identity_provider_id: id }: Settings) => (typeof id === "string" ? id : undefined);

/** Rules that are always a condition, with the words for it. */
const CONDITIONS: Readonly<Record<string, (settings: Settings) => Formula>> = {
  geo: ({ country_code: code }) => createCondition("country", `from country ${code}`, String(code)),
  ip: ({ ip }) => createCondition("address", `from ${ip}`, String(ip)),
  ip_list: ({ id }) => createCondition("other", `from an address of list ${id}`),
  email_list: ({ id }) => createCondition("other", `with an address of list ${id}`),
  auth_method: ({ auth_method: method }) =>
    method === "mfa"
      ? createCondition("second factor", "with a second factor", "mfa")
      : createCondition("authentication method", `with authentication method ${method}`, String(method)),
  auth_context: ({ ac_id: id }) =>
    createCondition("authentication context", `with authentication context ${id}`, String(id)),
  service_token: ({ token_id: id }) =>
    createCondition("service token", `with service token ${id}`, String(id)),
  any_valid_service_token: () => createCondition("service token", "with any service token"),
  linked_app_token: ({ app_uid: id }) => createCondition("other", `with a token of application ${id}`),
  certificate: () => createCondition("other", "with a client certificate"),
  common_name: ({ common_name: name }) => createCondition("other", `with a client certificate for ${name}`),
  device_posture: ({ integration_uid: id }) => createCondition("other", `with device posture check ${id}`),
  external_evaluation: ({ evaluate_url: url }) =>
    createCondition("other", `if the external evaluation ${url} agrees`),
  user_risk_score: ({ user_risk_score: scores }) =>
    createCondition("other", `with risk score ${[scores].flat().join(" or ")}`),
  oidc: ({ claim_name: name, claim_value: value }) => createCondition("other", `with claim ${name} ${value}`),
};

/** Decides a rule that is no Access group. */
export function matchRule(rule: AccessRule, visitor: Visitor): Formula {
  const [type, settings] = readRule(rule);
  if (type === "everyone") return true;
  if (visitor.providerId === undefined && SIGN_IN.has(type))
    return createCondition("other", `Access evaluates a rule of type ${type} without a sign-in`);
  if (type === "login_method") return visitor.providerId === settings.id;
  const provider = getProvider(settings);
  if (provider !== undefined && visitor.providerId !== undefined && visitor.providerId !== provider)
    return false;
  if (PERSON_RULES.has(type)) return visitor.matches(rule);
  if (type === "auth_method" && visitor.reportsMethods === false) return false;
  const create = Object.hasOwn(CONDITIONS, type) ? CONDITIONS[type] : undefined;
  return create?.(settings) ?? createCondition("other", `a rule of type ${type} matches`);
}

/** Lists the rules about people that an application's policies use, also within Access groups; each once. */
export function listPersonRules(
  { groups }: Pick<AccessRules, "groups">,
  { policies }: Pick<Application, "policies">,
): AccessRule[] {
  const found = new Map<string, AccessRule>();
  const followed = new Set<string>();
  const follow = (lists: readonly (readonly AccessRule[])[]): void => {
    for (const rule of lists.flat()) {
      const [type, { id }] = readRule(rule);
      if (PERSON_RULES.has(type)) found.set(JSON.stringify(rule), rule);
      const group = type === "group" ? groups.get(String(id)) : undefined;
      if (!group || followed.has(group.id)) continue;
      followed.add(group.id);
      follow([group.include, group.require, group.exclude]);
    }
  };
  for (const { include, require, exclude } of policies) follow([include, require, exclude]);
  return [...found.values()];
}
