/** Conclusions from the access rules: which identity providers and Entra groups they are about. */
import type { AccessConfig } from "./schema";

/** The access rules of a stack, which refer to each other by name. */
export type AccessRulesConfig = Pick<
  AccessConfig,
  | "groups"
  | "policies"
  | "applications"
  | "virtualNetworks"
  | "privateRanges"
  | "privateHostnames"
  | "deviceEnrolment"
>;
export type GroupConfig = AccessConfig["groups"][string];
export type GroupRules = GroupConfig["include"];
export type PolicyConfig = AccessConfig["policies"][string];
export type VirtualNetworkConfig = AccessConfig["virtualNetworks"][string];
export type DestinationConfig = NonNullable<AccessConfig["applications"][string]["destinations"]>[number];

/** The name of the identity provider that the stack creates for its own tenant; those of its resources begin with it. */
export const OWN_IDENTITY_PROVIDER = "entra";

/** Lists the identity providers whose people policies admit, or the own one: Access takes an empty list for all. */
export function listAllowedIdentityProviders(
  { groups, policies }: Pick<AccessRulesConfig, "groups" | "policies">,
  policyNames: readonly string[],
): string[] {
  const names = policyNames.flatMap((name) => listAdmittedIdentityProviders(groups, policies[name]));
  return names.length > 0 ? unique(names) : [OWN_IDENTITY_PROVIDER];
}

/** Lists the identity providers whose people a policy admits, each once. */
function listAdmittedIdentityProviders(
  groups: AccessRulesConfig["groups"],
  policy: Pick<PolicyConfig, "decision" | "include" | "everyone"> | undefined,
): string[] {
  if (policy?.decision !== "allow") return [];
  const ofPeople = collectGroups(groups, policy.include).filter(({ include }) => isAboutPeople(include));
  const names = ofPeople.map(({ identityProvider }) => identityProvider);
  return unique(policy.everyone ? [OWN_IDENTITY_PROVIDER, ...names] : names);
}

/** Returns the identity provider that asks for a policy's authentication context: that of its people, the own one first. */
export function getAskingIdentityProvider(
  groups: AccessRulesConfig["groups"],
  policy: Parameters<typeof listAdmittedIdentityProviders>[1],
): string {
  const [first = OWN_IDENTITY_PROVIDER, ...others] = listAdmittedIdentityProviders(groups, policy);
  return others.includes(OWN_IDENTITY_PROVIDER) ? OWN_IDENTITY_PROVIDER : first;
}

/** Lists the Entra groups of one identity provider that the rules name: display names or object ids, each once. */
export function listEntraGroups(
  { groups }: Pick<AccessRulesConfig, "groups">,
  identityProvider: string,
): string[] {
  const ownGroups = Object.values(groups).filter((group) => group.identityProvider === identityProvider);
  const rules = ownGroups.flatMap(({ include, require, exclude }) => [include, require, exclude]);
  return unique(rules.flatMap((rule) => rule?.entraGroups ?? []));
}

/**
 * Lists the Entra groups of one identity provider that policies admit: display names or object ids, each once. They are
 * assigned to the application; anybody else could sign in, but would reach nothing.
 */
export function listAdmittedEntraGroups(
  { groups, policies }: Pick<AccessRulesConfig, "groups" | "policies">,
  identityProvider: string,
): string[] {
  const allowing = Object.values(policies).filter(({ decision }) => decision === "allow");
  const admitted = allowing.flatMap(({ include }) => collectGroups(groups, include));
  const own = admitted.filter((group) => group.identityProvider === identityProvider);
  return unique(own.flatMap(({ include }) => include.entraGroups ?? []));
}

/** Collects the groups of these names and those that they include, each once; unknown names are skipped. */
function collectGroups(groups: AccessRulesConfig["groups"], names: readonly string[]): GroupConfig[] {
  const reached = new Set(names);
  for (const name of reached) for (const inner of groups[name]?.include.groups ?? []) reached.add(inner);
  return [...reached].flatMap((name) => groups[name] ?? []);
}

function isAboutPeople({ entraGroups, emails, emailDomains }: GroupRules): boolean {
  return [entraGroups, emails, emailDomains].some((rules) => rules?.length);
}

const unique = (names: string[]) => [...new Set(names)].sort();
