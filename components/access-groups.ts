import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

/** Whom rules match. Each list is about another property of a person or of where they are. */
export interface AccessRulesArgs {
  /** Object ids of Entra groups; members of groups inside them count. */
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
  /** Names of other groups of the component. A circle throws. */
  groups?: readonly string[] | undefined;
}

export interface AccessGroupArgs {
  /** What Cloudflare shows; default: the name it has in the component. */
  displayName?: pulumi.Input<string> | undefined;
  /** The identity provider whose people these are: nobody who signs in elsewhere matches. */
  identityProviderId: pulumi.Input<string>;
  /** Meeting one of these is needed. */
  include: AccessRulesArgs;
  /** Meeting all of these is needed, too. */
  require?: AccessRulesArgs | undefined;
  /** Meeting one of these is too much. */
  exclude?: AccessRulesArgs | undefined;
}

export interface AccessGroupsArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The groups by name; the name is part of the resource's, so that others are untouched by it. */
  groups: Readonly<Record<string, AccessGroupArgs>>;
}

/**
 * Cloudflare Access groups: audiences that policies name.
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
    const ids: Record<string, pulumi.Output<string>> = {};
    const open = new Set<string>();
    const idOf = (key: string): pulumi.Output<string> => {
      const known = ids[key];
      if (known) return known;
      const group = args.groups[key];
      if (!group) throw new pulumi.RunError(`there is no Access group "${key}"`);
      if (open.has(key)) throw new pulumi.RunError(`Access group "${key}" is within itself`);
      open.add(key);
      const made = new cloudflare.ZeroTrustAccessGroup(
        `${name}-group-${key}`,
        { accountId: args.accountId, name: group.displayName ?? key, ...rulesOf(group, idOf) },
        { parent: this },
      );
      ids[key] = made.id;
      return made.id;
    };
    for (const key of Object.keys(args.groups)) idOf(key);
    this.ids = ids;
    this.registerOutputs({ ids });
  }
}

/** One rule of an Access group or policy. */
export type AccessRule = cloudflare.types.input.ZeroTrustAccessGroupInclude;

function rulesOf(group: AccessGroupArgs, idOf: (key: string) => pulumi.Output<string>) {
  const rules = (args: AccessRulesArgs = {}) => accessRules(args, group.identityProviderId, idOf);
  const requires = rules(group.require);
  // Entra groups say whose they are; an address or a domain is anybody's who can show it at some identity provider.
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
 * In one order whatever the order of the settings: a group's rules are a list, and another order would be a change.
 * What is not known yet comes last, in the order given.
 */
function accessRules(
  args: AccessRulesArgs,
  identityProviderId: pulumi.Input<string>,
  idOf: (key: string) => pulumi.Output<string>,
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
    ...each(args.groups, (key) => ({ group: { id: idOf(key) } })),
  ];
}
