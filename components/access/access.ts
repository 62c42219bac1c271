import * as pulumi from "@pulumi/pulumi";
import {
  type AccessRulesConfig,
  type DestinationConfig,
  type GroupConfig,
  type GroupRules,
  getAskingIdentityProvider,
  listAllowedIdentityProviders,
  OWN_IDENTITY_PROVIDER,
  type PolicyConfig,
  type VirtualNetworkConfig,
} from "../../config/access/rules";
import { getPolicyFor, resolveSessionDurations } from "../../config/values/session-durations";
import { getOwn, mapValues } from "../map-values";
import { AccessApplications, type PrivateDestinationArgs } from "./applications";
import { DeviceEnrolment } from "./device-enrolment";
import { AccessGroups, type AccessRulesArgs } from "./groups";
import { AccessPolicies, type AccessPolicyArgs } from "./policies";
import { PrivateNetworks, type VirtualNetworkArgs } from "./private-networks";

/** An identity provider that access rules refer to. */
export interface IdentityProviderReference {
  id: pulumi.Input<string>;
  /** Object ids of its Entra groups by the display name or object id in the access rules. */
  entraGroups: ReadonlyMap<string, pulumi.Input<string>>;
}

export interface AccessArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The access rules, which refer to each other by name. */
  rules: AccessRulesConfig;
  /** The identity providers by name. */
  identityProviders: Readonly<Record<string, IdentityProviderReference>>;
}

/** The access rules of a stack: Access groups, policies and applications, and private networks. */
export class Access extends pulumi.ComponentResource {
  /** Audience tags of the applications, by name. */
  readonly audiences: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:Access", name, {}, opts);
    const { accountId, rules } = args;
    const parent = { parent: this };
    const getPolicyIds = (names: readonly string[], sessionDuration?: string) =>
      names.map((key) => getNamed(policyIds, "policy", getPolicyFor(rules, key, sessionDuration)));
    const getAllowedIds = (policyNames: readonly string[]) =>
      listAllowedIdentityProviders(rules, policyNames).map((key) => getIdentityProvider(args, key).id);

    const groups = mapValues(rules.groups, (group) => buildGroupArgs(group, args));
    const identityProviders = mapValues(args.identityProviders, ({ id }) => id);
    const groupIds = isEmpty(groups)
      ? {}
      : new AccessGroups(name, { accountId, groups, identityProviders }, parent).ids;
    const policies = mapValues(resolveSessionDurations(rules), (policy) =>
      buildPolicyArgs(policy, groupIds, args),
    );
    const policyIds = isEmpty(policies) ? {} : new AccessPolicies(name, { accountId, policies }, parent).ids;
    const virtualNetworkIds = createPrivateNetworks(name, args, parent);
    const applications = mapValues(rules.applications, (application) => ({
      ...application,
      policies: getPolicyIds(application.policies, application.sessionDuration),
      identityProviderIds: getAllowedIds(application.policies),
      destinations: application.destinations?.map((destination) =>
        buildDestinationArgs(destination, rules, virtualNetworkIds),
      ),
    }));
    this.audiences = isEmpty(applications)
      ? {}
      : new AccessApplications(name, { accountId, applications }, parent).audiences;
    if (rules.deviceEnrolment) {
      const { policies: names, sessionDuration } = rules.deviceEnrolment;
      const ids = {
        policies: getPolicyIds(names, sessionDuration),
        identityProviderIds: getAllowedIds(names),
      };
      new DeviceEnrolment(name, { accountId, ...ids, sessionDuration }, parent);
    }
    this.registerOutputs({ audiences: this.audiences });
  }
}

/** Creates the access rules, if there are any: a component without resources would only be a line in each output. */
export function createAccess(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions): void {
  const { groups, policies, applications, deviceEnrolment, ...networks } = args.rules;
  const { virtualNetworks, privateRanges, privateHostnames } = networks;
  const all = {
    ...groups,
    ...policies,
    ...applications,
    ...virtualNetworks,
    ...privateRanges,
    ...privateHostnames,
  };
  if (!isEmpty(all) || deviceEnrolment) new Access(name, args, opts);
}

function buildGroupArgs(group: GroupConfig, args: AccessArgs) {
  const { id, entraGroups } = getIdentityProvider(args, group.identityProvider);
  const buildRulesArgs = (rules: GroupRules): AccessRulesArgs => ({
    ...rules,
    entraGroups: rules.entraGroups && resolveEntraGroups(rules.entraGroups, entraGroups),
  });
  const { include, require, exclude, displayName } = group;
  return {
    displayName,
    identityProviderId: id,
    include: buildRulesArgs(include),
    ...(require && { require: buildRulesArgs(require) }),
    ...(exclude && { exclude: buildRulesArgs(exclude) }),
  };
}

/** Returns the object ids, each once: a name and an object id may stand for one group. */
function resolveEntraGroups(
  references: readonly string[],
  objectIds: IdentityProviderReference["entraGroups"],
): pulumi.Input<string>[] {
  const resolved = references.toSorted().map((name) => {
    const objectId = objectIds.get(name);
    if (objectId === undefined) throw new pulumi.RunError(`Entra group "${name}" was not resolved`);
    return objectId;
  });
  return [...new Set(resolved)];
}

function buildPolicyArgs(
  policy: PolicyConfig,
  groupIds: Readonly<Record<string, pulumi.Output<string>>>,
  args: AccessArgs,
): AccessPolicyArgs {
  const { authenticationContext: context, everyone, decision, ...others } = policy;
  const getIds = (names: readonly string[]) => names.map((name) => getNamed(groupIds, "Access group", name));
  const { id: ownId } = getIdentityProvider(args, OWN_IDENTITY_PROVIDER);
  // The identity provider at which the people of the policy sign in asks Entra for the context.
  const asking = getIdentityProvider(args, getAskingIdentityProvider(args.rules.groups, policy));
  const common = {
    ...others,
    include: getIds(policy.include),
    require: getIds(policy.require),
    exclude: getIds(policy.exclude),
    ...(context && {
      authenticationContext: { ...context, identityProviderId: asking.id },
    }),
  };
  if (decision === "bypass") return { ...common, decision, everyone };
  if (decision === "allow" && everyone) return { ...common, decision, everyone, loginMethod: ownId };
  return { ...common, decision };
}

/** Creates the private networks, if there are any. @returns ids of the virtual networks, by name */
function createPrivateNetworks(
  name: string,
  { accountId, rules: { virtualNetworks, privateRanges, privateHostnames } }: AccessArgs,
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<string, pulumi.Output<string>>> {
  const all = { ...virtualNetworks, ...privateRanges, ...privateHostnames };
  if (isEmpty(all)) return {};
  const networks = {
    accountId,
    virtualNetworks: mapValues(virtualNetworks, buildVirtualNetworkArgs),
    privateRanges,
    privateHostnames,
  };
  return new PrivateNetworks(name, networks, opts).virtualNetworkIds;
}

function buildVirtualNetworkArgs(
  { id, displayName }: VirtualNetworkConfig,
  name: string,
): VirtualNetworkArgs {
  if (id !== undefined) return { id };
  if (displayName !== undefined) return { displayName };
  throw new pulumi.RunError(`virtual network "${name}" must have an id or a display name`);
}

function buildDestinationArgs(
  { range = "", cidr, hostname, ports, protocol }: DestinationConfig,
  { privateRanges, privateHostnames }: AccessRulesConfig,
  virtualNetworkIds: Readonly<Record<string, pulumi.Output<string>>>,
): PrivateDestinationArgs {
  if (hostname !== undefined) {
    const named = getNamed(privateHostnames, "private hostname", hostname);
    return { hostname: named.hostname, ports, protocol };
  }
  const named = getNamed(privateRanges, "private range", range);
  const virtualNetworkId = getNamed(virtualNetworkIds, "virtual network", named.virtualNetwork);
  return { cidr: cidr ?? named.cidr, ports, protocol, virtualNetworkId };
}

function getIdentityProvider({ identityProviders }: AccessArgs, name: string): IdentityProviderReference {
  return getNamed(identityProviders, "identity provider", name);
}

function getNamed<T>(all: Readonly<Record<string, T>>, what: string, name: string): T {
  const named = getOwn(all, name);
  if (named === undefined) throw new pulumi.RunError(`${what} "${name}" is not defined`);
  return named;
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}
