import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { createIdentityProviderMoveHook } from "../hooks/identity-provider-moves";
import { createReferenceHook } from "../hooks/missing-references";
import { getOwn } from "../map-values";

/** Rules by the property of a person, or of their location, that they match. */
export interface AccessRulesArgs {
  /** Object ids of Entra groups; members of nested groups count. */
  entraGroups?: readonly pulumi.Input<string>[] | undefined;
  /** Email addresses, e.g. "root@contoso.example". */
  emails?: readonly pulumi.Input<string>[] | undefined;
  /** Domains of email addresses, e.g. "contoso.example". */
  emailDomains?: readonly pulumi.Input<string>[] | undefined;
  /** ISO 3166-1 alpha-2 codes of countries that a request comes from, e.g. "DE". */
  countries?: readonly pulumi.Input<string>[] | undefined;
  /** Addresses or CIDR ranges that a request comes from, e.g. "198.51.100.0/24". */
  ipRanges?: readonly pulumi.Input<string>[] | undefined;
  /** Ids of Access service tokens. */
  serviceTokens?: readonly pulumi.Input<string>[] | undefined;
  /** Names of other groups of the component. A group that contains itself is refused. */
  groups?: readonly string[] | undefined;
}

export interface AccessGroupArgs {
  /** Display name in Cloudflare; default: the name in `groups`. */
  displayName?: pulumi.Input<string> | undefined;
  /** Id of the identity provider of these people. A user who signs in elsewhere does not match. */
  identityProviderId: pulumi.Input<string>;
  /** A user has to match at least one of these. */
  include: AccessRulesArgs;
  /** A user has to match all of these as well. */
  require?: AccessRulesArgs | undefined;
  /** A user who matches any of these is excluded. */
  exclude?: AccessRulesArgs | undefined;
}

export interface AccessGroupsArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The groups by name, which is part of the resource name: changing one does not touch the others. */
  groups: Readonly<Record<string, AccessGroupArgs>>;
  /** Ids of all identity providers by name, between which no group moves in one update; default: groups may move. */
  identityProviders?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * Cloudflare Access groups, which policies include, require or exclude.
 *
 * @example
 * const groups = new AccessGroups("access", {
 *   accountId: "023e105f4ecef8ad9ca31a8372d0c353",
 *   groups: {
 *     engineers: { identityProviderId, include: { entraGroups: ["70c461b8-92ea-4fd3-9b87-c3b4ef60d297"] } },
 *   },
 * });
 */
export class AccessGroups extends pulumi.ComponentResource {
  /** Ids of the Access groups, by name. */
  readonly ids: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AccessGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:AccessGroups", name, {}, opts);
    const moveHook = createIdentityProviderMoveHook(`${name}-group-moves`, args.identityProviders ?? {});
    const referenceHook = createReferenceHook(`${name}-group-references`);
    const hooks = { beforeCreate: [referenceHook], beforeUpdate: [moveHook, referenceHook] };
    const ids: Record<string, pulumi.Output<string>> = {};
    const unfinished = new Set<string>();
    const getId = (key: string): pulumi.Output<string> => {
      const known = getOwn(ids, key);
      if (known) return known;
      const group = getOwn(args.groups, key);
      if (!group) throw new pulumi.RunError(`Access group "${key}" is not defined`);
      if (unfinished.has(key)) throw new pulumi.RunError(`Access group "${key}" must not contain itself`);
      unfinished.add(key);
      const created = new cloudflare.ZeroTrustAccessGroup(
        `${name}-group-${key}`,
        { accountId: args.accountId, name: group.displayName ?? key, ...buildGroupRules(group, getId) },
        { parent: this, hooks },
      );
      ids[key] = created.id;
      return created.id;
    };
    for (const key of Object.keys(args.groups)) getId(key);
    this.ids = ids;
    this.registerOutputs({ ids });
  }
}

/** One rule of an Access group or policy. */
export type AccessRule = cloudflare.types.input.ZeroTrustAccessGroupInclude;

function buildGroupRules(group: AccessGroupArgs, getId: (key: string) => pulumi.Output<string>) {
  const rules = (args: AccessRulesArgs = {}) => buildRules(args, group.identityProviderId, getId);
  const requires = rules(group.require);
  // A rule for an Entra group names its identity provider; one for an address matches a sign-in at any of them.
  if (group.include.emails?.length || group.include.emailDomains?.length) {
    requires.push({ loginMethod: { id: group.identityProviderId } });
  }
  const excludes = rules(group.exclude);
  return {
    includes: rules(group.include),
    ...(requires.length > 0 && { requires }),
    ...(excludes.length > 0 && { excludes }),
  };
}

/**
 * Builds rules in an order that does not depend on that of the args, because another order would be a change. Values
 * that are not known yet come last, in the given order.
 */
function buildRules(
  args: AccessRulesArgs,
  identityProviderId: pulumi.Input<string>,
  getId: (key: string) => pulumi.Output<string>,
): AccessRule[] {
  const each = <T>(values: readonly T[] | undefined, rule: (value: T) => AccessRule) => {
    const texts = (values ?? []).filter((value) => typeof value === "string").sort();
    return [...texts, ...(values ?? []).filter((value) => typeof value !== "string")].map(rule);
  };
  return [
    ...each(args.entraGroups, (id) => ({ azureAd: { id, identityProviderId } })),
    ...each(args.emails, (email) => ({ email: { email } })),
    ...each(args.emailDomains, (domain) => ({ emailDomain: { domain } })),
    ...each(args.countries, (countryCode) => ({ geo: { countryCode } })),
    ...each(args.ipRanges, (ip) => ({ ip: { ip } })),
    ...each(args.serviceTokens, (tokenId) => ({ serviceToken: { tokenId } })),
    ...each(args.groups, (key) => ({ group: { id: getId(key) } })),
  ];
}
