import { BlockList, isIP } from "node:net";
import type { AccessGroup, AccessRule, AccessRules } from "../../store/account";
import { NotJudged } from "./not-judged";
import type { Person } from "./person";

/** What rules are held against. */
export interface Request {
  person: Person;
  groups: ReadonlyMap<string, AccessGroup>;
}

type Settings = Record<string, unknown>;

/**
 * Rules about who somebody is, which ask for a sign-in:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#selectors
 */
const IDENTITY: Record<string, (person: Person, settings: Settings) => boolean> = {
  email: ({ email }, settings) => same(email, settings.email),
  email_domain: ({ email }, { domain }) => same(email?.slice(email.lastIndexOf("@") + 1), domain),
  login_method: ({ identityProviderId }, { id }) => identityProviderId === id,
  azureAD: ({ groups, identityProviderId }, { id, identity_provider_id }) =>
    identityProviderId === identity_provider_id && groups.some((group) => same(group, id)),
  auth_method: ({ amr = [] }, { auth_method }) => amr.some((method) => method === auth_method),
  auth_context: ({ acrs = [], identityProviderId }, { ac_id, identity_provider_id }) =>
    identityProviderId === identity_provider_id && acrs.some((context) => context === ac_id),
};

/** Rules about the request, which hold without a sign-in. */
const REQUEST: Record<string, (person: Person, settings: Settings) => boolean> = {
  everyone: () => true,
  ip: ({ ip }, settings) => inRange(known(ip, "ip"), String(settings.ip)),
  geo: ({ country }, { country_code }) => known(country, "geo") === country_code,
  service_token: ({ serviceTokenId }, { token_id }) =>
    serviceTokenId !== undefined && serviceTokenId === token_id,
  any_valid_service_token: ({ serviceTokenId }) => serviceTokenId !== undefined,
};

/**
 * Whether the rules match. Every rule is judged, so that the answer never depends on their order.
 *
 * @param signedIn whether rules about who somebody is may be asked
 * @throws NotJudged
 */
export function matches(
  request: Request,
  rules: AccessRules,
  signedIn: boolean,
  within: string[] = [],
): boolean {
  const judge = (list: AccessRule[]) => list.map((rule) => holds(request, rule, signedIn, within));
  const [include, require, exclude] = [judge(rules.include), judge(rules.require), judge(rules.exclude)];
  return include.includes(true) && !require.includes(false) && !exclude.includes(true);
}

function holds(request: Request, rule: AccessRule, signedIn: boolean, within: string[]): boolean {
  const [[type, settings] = ["none", {}], ...more] = Object.entries(rule);
  if (more.length > 0) throw new NotJudged(`a rule of several types, ${type} among them`);
  if (type === "group") return inGroup(request, String(settings.id), signedIn, within);
  if (Object.hasOwn(REQUEST, type)) return REQUEST[type]?.(request.person, settings) ?? false;
  if (!Object.hasOwn(IDENTITY, type)) throw new NotJudged(`rule type ${type}`);
  if (!signedIn) throw new NotJudged(`rule type ${type} where nobody has to sign in`);
  return IDENTITY[type]?.(request.person, settings) ?? false;
}

/** @param within ids of the groups that led here */
function inGroup(request: Request, id: string, signedIn: boolean, within: string[]): boolean {
  const group = request.groups.get(id);
  if (!group) throw new NotJudged(`a group that is not there, ${id}`);
  if (within.includes(id)) throw new NotJudged(`a group within itself, ${group.name}`);
  return matches(request, group, signedIn, [...within, id]);
}

function known(value: string | undefined, type: string): string {
  if (value === undefined) throw new NotJudged(`rule type ${type} of a request from nowhere`);
  return value;
}

/** Without case, as mail addresses, domains and ids of Entra are. */
function same(one: string | undefined, other: unknown): boolean {
  return one !== undefined && one.toLowerCase() === String(other).toLowerCase();
}

function inRange(ip: string, range: string): boolean {
  const [network = "", bits] = range.split("/");
  const [family, other] = [ip, network].map(
    (text) => ({ 4: "ipv4", 6: "ipv6" })[isIP(text)] as "ipv4" | "ipv6" | undefined,
  );
  if (!family || !other) throw new NotJudged(`rule type ip: ${ip} in ${range}`);
  if (family !== other) return false;
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  return list.check(ip, family);
}
