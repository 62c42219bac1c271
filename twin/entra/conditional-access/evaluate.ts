import { isInRange, type SignInOrigin } from "../../store/cloudflare/places";
import type {
  ConditionalAccessPolicy,
  NamedLocation,
  SignInFrequency,
} from "../../store/entra/conditional-access";
import { findTransitiveGroups } from "../../store/entra/directory";
import type { EntraTenant } from "../../store/entra/tenant";
import { EntraNotServed } from "../errors";

/** What Entra knows of a sign-in. */
export interface SignInFacts {
  userId: string;
  /** Application (client) id. */
  appId: string;
  /** The authentication contexts that the application asks for. */
  contexts: readonly string[];
  origin: SignInOrigin;
  /** Authentication methods, such as `pwd` and `mfa`. */
  amr: readonly string[];
  /** Time of the sign-in, in milliseconds since 1970. */
  signedInAt: number;
  now: number;
}

/** What a policy still asks for: a second factor, another sign-in, or what nobody can give here. */
export type Demand = "mfa" | "signIn" | "compliantDevice" | "domainJoinedDevice" | "block";

export interface PolicyResult {
  policy: ConditionalAccessPolicy;
  applies: boolean;
  /** Undefined if the policy is met, or does not apply. */
  demand?: Demand | undefined;
}

/** Demands in the order in which they are reported; what cannot be met comes before what people are asked for. */
const ORDER: readonly Demand[] = ["block", "compliantDevice", "domainJoinedDevice", "signIn", "mfa"];

/** Evaluates all policies of a tenant for a sign-in. @throws EntraNotServed for controls that the twin cannot judge */
export function evaluateConditionalAccess(tenant: EntraTenant, facts: SignInFacts): PolicyResult[] {
  return [...tenant.conditionalAccessPolicies.values()].map((policy) => {
    const applies = policy.state !== "disabled" && isInScope(tenant, policy, facts);
    return { policy, applies, ...(applies && { demand: findDemand(policy, facts) }) };
  });
}

/** Finds what the sign-in lacks; policies that only report demand nothing. */
export function chooseDemand(results: readonly PolicyResult[]): Demand | undefined {
  const demands = results.flatMap(({ policy, demand }) =>
    policy.state === "enabled" && demand ? [demand] : [],
  );
  return ORDER.find((demand) => demands.includes(demand));
}

function isInScope(tenant: EntraTenant, policy: ConditionalAccessPolicy, facts: SignInFacts): boolean {
  const { applications, users, clientAppTypes, locations, signInRiskLevels } = policy.conditions;
  const { includeAuthenticationContextClassReferences: contexts } = applications;
  const isTarget =
    contexts.some((context) => facts.contexts.includes(context)) ||
    (includesAny(applications.includeApplications, [facts.appId]) &&
      !applications.excludeApplications.includes(facts.appId));
  const groups = findTransitiveGroups(tenant, facts.userId).map(({ id }) => id);
  const isIncluded =
    includesAny(users.includeUsers, [facts.userId]) || users.includeGroups.some((id) => groups.includes(id));
  const isExcluded =
    users.excludeUsers.includes(facts.userId) || users.excludeGroups.some((id) => groups.includes(id));
  return (
    isTarget &&
    isIncluded &&
    !isExcluded &&
    clientAppTypes.some((type) => ["all", "browser"].includes(type)) &&
    isAtLocation(tenant, locations, facts.origin) &&
    (signInRiskLevels.length === 0 || signInRiskLevels.includes(facts.origin.signInRisk))
  );
}

const includesAny = (list: readonly string[], ids: readonly string[]) =>
  list.includes("All") || ids.some((id) => list.includes(id));

function isAtLocation(
  tenant: EntraTenant,
  locations: ConditionalAccessPolicy["conditions"]["locations"],
  origin: SignInOrigin,
): boolean {
  if (!locations) return true;
  const matches = (id: string) => {
    if (id === "All") return true;
    const all = [...tenant.namedLocations.values()];
    const named = all.filter(({ id: other, place }) =>
      id === "AllTrusted" ? place.kind === "ip" && place.isTrusted : other === id,
    );
    return named.some((location) => isInPlace(location, origin));
  };
  return locations.includeLocations.some(matches) && !locations.excludeLocations.some(matches);
}

function isInPlace({ place }: NamedLocation, { ip, country }: SignInOrigin): boolean {
  if (place.kind === "country")
    return place.countries.includes(country) || (place.includesUnknown && country === "XX");
  return place.ranges.some((range) => isInRange(ip, range));
}

function findDemand(
  { grantControls, sessionControls }: ConditionalAccessPolicy,
  facts: SignInFacts,
): Demand | undefined {
  if (sessionControls && isSignInOld(sessionControls.signInFrequency, facts)) return "signIn";
  if (!grantControls) return undefined;
  const { operator, builtInControls, authenticationStrength } = grantControls;
  const missing = [
    ...builtInControls.map((control) => judgeControl(control, facts)),
    ...(authenticationStrength ? [judgeStrength(authenticationStrength.id, facts)] : []),
  ];
  if (operator === "OR" && missing.includes(undefined)) return undefined;
  const demands = ORDER.filter((demand) => missing.includes(demand));
  // One of several is enough, so people are asked for what they can give.
  return operator === "OR" ? demands.at(-1) : demands[0];
}

function judgeControl(control: string, { amr, origin }: SignInFacts): Demand | undefined {
  switch (control) {
    case "block":
      return "block";
    case "mfa":
      return amr.includes("mfa") ? undefined : "mfa";
    case "compliantDevice":
      return origin.compliantDevice ? undefined : "compliantDevice";
    case "domainJoinedDevice":
      return origin.domainJoinedDevice ? undefined : "domainJoinedDevice";
    default:
      throw new EntraNotServed(`the control ${control} of Conditional Access`);
  }
}

/** The strength "Multifactor authentication", which the phone of the twin meets. */
const MULTIFACTOR = "00000000-0000-0000-0000-000000000002";

function judgeStrength(id: string, { amr }: SignInFacts): Demand | undefined {
  if (id !== MULTIFACTOR) throw new EntraNotServed(`the authentication strength ${id}`);
  return amr.includes("mfa") ? undefined : "mfa";
}

/** Milliseconds for which a sign-in counts as fresh where one is demanded every time: Microsoft allows for skewed clocks. */
const EVERY_TIME = 5 * 60_000;
const HOUR = 3_600_000;

function isSignInOld({ type, value }: SignInFrequency, { now, signedInAt }: SignInFacts): boolean {
  const longest = value === null ? EVERY_TIME : value * (type === "days" ? 24 * HOUR : HOUR);
  return now - signedInAt >= longest;
}
