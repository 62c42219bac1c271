/** Who may reach what, as a stack's settings say it by names, and what follows from it. */

import type { CookieArgs, CorsArgs } from "./access-applications";
import type { AuthenticationContextArgs } from "./access-policies";

/** Rules by what they are about; `entraGroups` are display names or object ids, `groups` names of other groups. */
export type RuleSettings = {
  readonly [about in
    | "entraGroups"
    | "emails"
    | "emailDomains"
    | "countries"
    | "ipRanges"
    | "serviceTokens"
    | "groups"]?: readonly string[] | undefined;
};

export interface GroupSettings {
  displayName?: string | undefined;
  /** Name of the identity provider whose people these are. */
  identityProvider: string;
  include: RuleSettings;
  require?: RuleSettings | undefined;
  exclude?: RuleSettings | undefined;
}

export interface PolicySettings {
  displayName?: string | undefined;
  decision: "allow" | "deny" | "bypass" | "service_auth";
  /** Names of groups. */
  include: readonly string[];
  require: readonly string[];
  exclude: readonly string[];
  /** Everybody: with `allow`, who signs in with the identity provider of the stack. */
  everyone: boolean;
  sessionDuration?: string | undefined;
  mfa: boolean;
  authenticationContext?: Omit<AuthenticationContextArgs, "identityProviderId"> | undefined;
  justification?: string | undefined;
  approval?: { approvers: string[]; needed: number } | undefined;
}

/** Of a private range or a private host name, by the name it has in the settings. */
export interface DestinationSettings {
  range?: string | undefined;
  /** A part of the range; default: all of it. */
  cidr?: string | undefined;
  hostname?: string | undefined;
  /** A port or a range of them; default: all. */
  ports?: string | undefined;
  /** Default: both. */
  protocol?: "tcp" | "udp" | undefined;
}

export interface ApplicationSettings {
  displayName?: string | undefined;
  hostnames: readonly string[];
  destinations?: readonly DestinationSettings[] | undefined;
  /** Names of policies. */
  policies: readonly string[];
  redirect?: boolean | undefined;
  sessionDuration?: string | undefined;
  cookie?: CookieArgs | undefined;
  cors?: CorsArgs | undefined;
  launcher: boolean;
  logoUrl?: string | undefined;
  tags?: readonly string[] | undefined;
}

/** One that exists, by its id, or one to make. */
export interface VirtualNetworkSettings {
  id?: string | undefined;
  displayName?: string | undefined;
}

interface RoutedSettings {
  /** Of the tunnel that the stack makes a route into; none: the route is there. */
  tunnelId?: string | undefined;
  precedence: number;
}

export interface PrivateRangeSettings extends RoutedSettings {
  /** Name of the virtual network. */
  virtualNetwork: string;
  cidr: string;
}

export interface PrivateHostnameSettings extends RoutedSettings {
  hostname: string;
}

export interface DeviceEnrolmentSettings {
  /** Names of policies. */
  policies: readonly string[];
  sessionDuration?: string | undefined;
}

export interface AccessSettings {
  groups: Readonly<Record<string, GroupSettings>>;
  policies: Readonly<Record<string, PolicySettings>>;
  applications: Readonly<Record<string, ApplicationSettings>>;
  virtualNetworks?: Readonly<Record<string, VirtualNetworkSettings>>;
  privateRanges?: Readonly<Record<string, PrivateRangeSettings>>;
  privateHostnames?: Readonly<Record<string, PrivateHostnameSettings>>;
  deviceEnrolment?: DeviceEnrolmentSettings | undefined;
}

/** Name of the identity provider that the stack makes for its own tenant. */
export const ownIdentityProvider = "entra";

/** The identity providers whose people a policy lets in; none where it is not about people. */
export function identityProvidersOf(settings: AccessSettings, policyName: string): string[] {
  const policy = settings.policies[policyName];
  if (policy?.decision !== "allow") return [];
  const groups = within(settings, policy.include).filter(({ include }) => isAboutPeople(include));
  const names = groups.map(({ identityProvider }) => identityProvider);
  return [...new Set(policy.everyone ? [ownIdentityProvider, ...names] : names)].sort();
}

/** What an application allows: the identity providers of its policies, or its tenant's own, so that it is never all. */
export function allowedBy(
  settings: AccessSettings,
  application: Pick<ApplicationSettings, "policies">,
): string[] {
  const names = application.policies.flatMap((policy) => identityProvidersOf(settings, policy));
  return names.length > 0 ? [...new Set(names)].sort() : [ownIdentityProvider];
}

/** The Entra groups that the settings name, of one identity provider: display names or object ids, each once. */
export function entraGroupsOf(settings: AccessSettings, identityProvider: string): string[] {
  const groups = Object.values(settings.groups).filter(
    (group) => group.identityProvider === identityProvider,
  );
  return unique(groups.flatMap(({ include, require, exclude }) => named([include, require, exclude])));
}

/**
 * Object ids of the Entra groups that policies let in, by a name that stays: who else is assigned could sign in, and would
 * reach nothing.
 *
 * @param found object ids by what the settings call the groups
 */
export function assignedGroups<Id>(
  settings: AccessSettings,
  found: ReadonlyMap<string, Id>,
  identityProvider = ownIdentityProvider,
): Map<string, Id> {
  const policies = Object.values(settings.policies).filter(({ decision }) => decision === "allow");
  const groups = policies.flatMap(({ include }) => within(settings, include));
  const own = groups.filter((group) => group.identityProvider === identityProvider);
  const assigned = unique(own.flatMap(({ include }) => named([include]))).flatMap((name): [string, Id][] => {
    const id = found.get(name);
    // An id that is not known yet is one of a group that the stack makes, under this name.
    return id === undefined ? [] : [[typeof id === "string" ? id : name, id]];
  });
  return new Map(assigned);
}

/** The groups of these names and those that they include, each once; names of no group are left out. */
function within(settings: AccessSettings, names: readonly string[]): GroupSettings[] {
  const seen = new Set(names);
  for (const name of seen) for (const inner of settings.groups[name]?.include.groups ?? []) seen.add(inner);
  return [...seen].flatMap((name) => settings.groups[name] ?? []);
}

function isAboutPeople({ entraGroups, emails, emailDomains }: RuleSettings): boolean {
  return [entraGroups, emails, emailDomains].some((rules) => rules?.length);
}

function named(rules: (RuleSettings | undefined)[]): string[] {
  return rules.flatMap((rule) => [...(rule?.entraGroups ?? [])]);
}

const unique = (names: string[]) => [...new Set(names)].sort();
