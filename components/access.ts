import * as pulumi from "@pulumi/pulumi";
import { AccessApplications, type PrivateDestinationArgs } from "./access-applications";
import { AccessGroups, type AccessRulesArgs } from "./access-groups";
import { AccessPolicies, type AccessPolicyArgs } from "./access-policies";
import {
  type AccessSettings,
  allowedBy,
  assignedGroups,
  type DestinationSettings,
  type GroupSettings,
  ownIdentityProvider,
  type PolicySettings,
  type RuleSettings,
  type VirtualNetworkSettings,
} from "./access-settings";
import { mapped } from "./by-name";
import { DeviceEnrolment } from "./device-enrolment";
import { EntraAssignments } from "./entra-assignments";
import { PrivateNetworks, type VirtualNetworkArgs } from "./private-networks";

/** An identity provider that settings name, and the Entra groups of its tenant. */
export interface NamedIdentityProvider {
  id: pulumi.Input<string>;
  /** Object ids of Entra groups by what the settings call them; empty for other identity providers. */
  entraGroups: ReadonlyMap<string, pulumi.Input<string>>;
}

/** An application that may ask for assignment. */
export interface AssignableApplication {
  servicePrincipalObjectId: pulumi.Input<string>;
  appRoleId: pulumi.Input<string> | undefined;
  /** Signs in to its tenant; default: the default provider of the stack. */
  provider?: pulumi.ProviderResource | undefined;
}

export interface AccessArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** Who may reach what, by names. */
  settings: AccessSettings;
  /** The identity providers by name. */
  identityProviders: Readonly<Record<string, NamedIdentityProvider>>;
  /** The Entra applications of identity providers, by name; with an app role, whom policies let in is assigned. */
  applications?: Readonly<Record<string, AssignableApplication>>;
}

/** Access groups, policies and applications of one list of settings. */
export class Access extends pulumi.ComponentResource {
  /** Audience tags of the applications, by name. */
  readonly audiences: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:Access", name, {}, opts);
    const { accountId, settings } = args;
    const parent = { parent: this };
    const provider = (key: string): NamedIdentityProvider => {
      const found = args.identityProviders[key];
      if (!found) throw new pulumi.RunError(`there is no identity provider "${key}"`);
      return found;
    };
    const { id: own } = provider(ownIdentityProvider);
    for (const [key, application] of Object.entries(args.applications ?? {})) {
      const { appRoleId, servicePrincipalObjectId, provider: azuread } = application;
      if (appRoleId === undefined) continue;
      const groups = assignedGroups(settings, provider(key).entraGroups, key);
      const assigned = { servicePrincipalObjectId, appRoleId, groups };
      new EntraAssignments(key, assigned, { ...parent, ...(azuread && { provider: azuread }) });
    }

    const groups = new AccessGroups(
      name,
      { accountId, groups: mapped(settings.groups, (group) => groupArgs(group, provider)) },
      parent,
    );
    const policies = new AccessPolicies(
      name,
      { accountId, policies: mapped(settings.policies, (policy) => policyArgs(policy, groups.ids, own)) },
      parent,
    );
    const { deviceEnrolment } = settings;
    const virtualNetworkIds = privateNetworks(name, accountId, settings, parent);
    const applications = new AccessApplications(
      name,
      {
        accountId,
        applications: mapped(settings.applications, (application) => ({
          ...application,
          policies: application.policies.map((key) => ofName(policies.ids, key)),
          identityProviderIds: allowedBy(settings, application).map((key) => provider(key).id),
          destinations: application.destinations?.map((one) =>
            destinationArgs(one, settings, virtualNetworkIds),
          ),
        })),
      },
      parent,
    );
    if (deviceEnrolment) {
      const enrolment = {
        accountId,
        policies: deviceEnrolment.policies.map((key) => ofName(policies.ids, key)),
        identityProviderIds: allowedBy(settings, deviceEnrolment).map((key) => provider(key).id),
        sessionDuration: deviceEnrolment.sessionDuration,
      };
      new DeviceEnrolment(name, enrolment, parent);
    }
    this.audiences = applications.audiences;
    this.registerOutputs({ audiences: this.audiences });
  }
}

function groupArgs(group: GroupSettings, provider: (key: string) => NamedIdentityProvider) {
  const { id, entraGroups } = provider(group.identityProvider);
  const rules = (settings: RuleSettings): AccessRulesArgs => ({
    ...settings,
    entraGroups: settings.entraGroups?.toSorted().map((name) => {
      const found = entraGroups.get(name);
      if (found === undefined) throw new pulumi.RunError(`nobody looked up the Entra group "${name}"`);
      return found;
    }),
  });
  const { include, require, exclude, displayName } = group;
  return {
    displayName,
    identityProviderId: id,
    include: rules(include),
    ...(require && { require: rules(require) }),
    ...(exclude && { exclude: rules(exclude) }),
  };
}

function policyArgs(
  policy: PolicySettings,
  groups: Readonly<Record<string, pulumi.Output<string>>>,
  own: pulumi.Input<string>,
): AccessPolicyArgs {
  const { authenticationContext: context, everyone, decision, ...others } = policy;
  const ids = (names: readonly string[]) => names.map((name) => ofName(groups, name));
  const settings = {
    ...others,
    include: ids(policy.include),
    require: ids(policy.require),
    exclude: ids(policy.exclude),
    ...(context && { authenticationContext: { ...context, identityProviderId: own } }),
  };
  if (decision === "bypass") return { ...settings, decision, everyone };
  if (decision === "allow" && everyone) return { ...settings, decision, everyone, loginMethod: own };
  return { ...settings, decision };
}

/** @returns ids of the virtual networks, by name */
function privateNetworks(
  name: string,
  accountId: pulumi.Input<string>,
  { virtualNetworks = {}, privateRanges = {}, privateHostnames = {} }: AccessSettings,
  opts: pulumi.ComponentResourceOptions,
): Readonly<Record<string, pulumi.Output<string>>> {
  const named = { ...virtualNetworks, ...privateRanges, ...privateHostnames };
  if (Object.keys(named).length === 0) return {};
  const networks = {
    accountId,
    virtualNetworks: mapped(virtualNetworks, virtualNetworkArgs),
    privateRanges,
    privateHostnames,
  };
  return new PrivateNetworks(name, networks, opts).virtualNetworkIds;
}

function virtualNetworkArgs({ id, displayName }: VirtualNetworkSettings): VirtualNetworkArgs {
  if (id !== undefined) return { id };
  if (displayName !== undefined) return { displayName };
  throw new pulumi.RunError("a virtual network has neither an id nor a display name");
}

function destinationArgs(
  { range, cidr, hostname, ports, protocol }: DestinationSettings,
  { privateRanges = {}, privateHostnames = {} }: AccessSettings,
  virtualNetworkIds: Readonly<Record<string, pulumi.Output<string>>>,
): PrivateDestinationArgs {
  if (hostname !== undefined) {
    return { hostname: ofName(privateHostnames, hostname).hostname, ports, protocol };
  }
  const found = ofName(privateRanges, range ?? "");
  const virtualNetworkId = ofName(virtualNetworkIds, found.virtualNetwork);
  return { cidr: cidr ?? found.cidr, ports, protocol, virtualNetworkId };
}

function ofName<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new pulumi.RunError(`there is nothing called "${name}"`);
  return found;
}
