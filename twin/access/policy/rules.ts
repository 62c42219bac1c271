import type { AccessGroup, RawAccessRule, RuleLists } from "../../store/cloudflare/account";
import { isInRange } from "../../store/cloudflare/places";
import { AccessNotServed } from "./not-served";
import type { Requester } from "./requester";

/** The data that rules are evaluated against. */
export interface RuleInputs {
  requester: Requester;
  groups: ReadonlyMap<string, AccessGroup>;
}

type Settings = Record<string, unknown>;

/**
 * Rules about the user, which require a sign-in:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#selectors
 */
const IDENTITY_RULES: Record<string, (requester: Requester, settings: Settings) => boolean> = {
  email: ({ email }, settings) => equalsIgnoringCase(email, settings.email),
  email_domain: ({ email }, { domain }) =>
    equalsIgnoringCase(email?.slice(email.lastIndexOf("@") + 1), domain),
  login_method: ({ identityProviderId }, { id }) => identityProviderId === id,
  azureAD: ({ groups, identityProviderId }, { id, identity_provider_id }) =>
    identityProviderId === identity_provider_id && groups.some((group) => equalsIgnoringCase(group, id)),
  auth_method: ({ amr = [] }, { auth_method }) => amr.some((method) => method === auth_method),
  auth_context: ({ acrs = [], identityProviderId }, { ac_id, identity_provider_id }) =>
    identityProviderId === identity_provider_id && acrs.some((context) => context === ac_id),
};

/** Rules about the request, which require no sign-in. */
const REQUEST_RULES: Record<string, (requester: Requester, settings: Settings) => boolean> = {
  everyone: () => true,
  ip: ({ ip }, settings) => judgeRange(requireKnown(ip, "ip"), String(settings.ip)),
  geo: ({ country }, { country_code }) => requireKnown(country, "geo") === country_code,
  service_token: ({ serviceTokenId }, { token_id }) =>
    serviceTokenId !== undefined && serviceTokenId === token_id,
  any_valid_service_token: ({ serviceTokenId }) => serviceTokenId !== undefined,
};

/**
 * Tells if the rules match. Every rule is evaluated, so that a rule that is not served is always reported.
 *
 * @param signedIn allows rules about the user
 * @throws AccessNotServed
 */
export function matchesRules(
  request: RuleInputs,
  rules: RuleLists,
  signedIn: boolean,
  within: string[] = [],
): boolean {
  const evaluate = (list: RawAccessRule[]) =>
    list.map((rule) => matchesRule(request, rule, signedIn, within));
  const [include, require, exclude] = [
    evaluate(rules.include),
    evaluate(rules.require),
    evaluate(rules.exclude),
  ];
  return include.includes(true) && !require.includes(false) && !exclude.includes(true);
}

function matchesRule(request: RuleInputs, rule: RawAccessRule, signedIn: boolean, within: string[]): boolean {
  const [[type, settings] = ["none", {}], ...more] = Object.entries(rule);
  if (more.length > 0) throw new AccessNotServed(`a rule of several types, including ${type}`);
  if (type === "group") return matchesGroup(request, String(settings.id), signedIn, within);
  if (Object.hasOwn(REQUEST_RULES, type)) return REQUEST_RULES[type]?.(request.requester, settings) ?? false;
  if (!Object.hasOwn(IDENTITY_RULES, type)) throw new AccessNotServed(`rule type ${type}`);
  if (!signedIn) throw new AccessNotServed(`rule type ${type} without a sign-in`);
  return IDENTITY_RULES[type]?.(request.requester, settings) ?? false;
}

/** @param within ids of the enclosing groups */
function matchesGroup(request: RuleInputs, id: string, signedIn: boolean, within: string[]): boolean {
  const group = request.groups.get(id);
  if (!group) throw new AccessNotServed(`unknown group ${id}`);
  if (within.includes(id)) throw new AccessNotServed(`a group that contains itself, ${group.name}`);
  return matchesRules(request, group, signedIn, [...within, id]);
}

function requireKnown(value: string | undefined, type: string): string {
  if (value === undefined) throw new AccessNotServed(`rule type ${type} for a request of unknown origin`);
  return value;
}

/** Compares mail addresses, domains or Entra ids, ignoring case. */
function equalsIgnoringCase(one: string | undefined, other: unknown): boolean {
  return one !== undefined && one.toLowerCase() === String(other).toLowerCase();
}

function judgeRange(ip: string, range: string): boolean {
  const isInside = isInRange(ip, range);
  if (isInside === undefined) throw new AccessNotServed(`rule type ip: ${ip} in ${range}`);
  return isInside;
}
