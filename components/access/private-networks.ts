import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { createExistenceHook } from "../hooks/existing-objects";
import { createReferenceHook } from "../hooks/missing-references";
import { getOwn } from "../map-values";

/** An existing virtual network by its id, or a new one by its display name. */
export type VirtualNetworkArgs = { id: pulumi.Input<string> } | { displayName: pulumi.Input<string> };

interface RouteArgs {
  /** Id of the tunnel of a new route; default: the route exists already. */
  tunnelId?: pulumi.Input<string> | undefined;
  /** Precedence of the first of two Gateway rules, e.g. 1000; the other takes the next number. */
  precedence: number;
}

export interface PrivateRangeArgs extends RouteArgs {
  /** Name of the virtual network. */
  virtualNetwork: string;
  /** Addresses in CIDR notation, e.g. "10.20.0.0/16". */
  cidr: string;
}

export interface PrivateHostnameArgs extends RouteArgs {
  /** A host name without wildcards, e.g. "ledger.corp.contoso.example". */
  hostname: string;
}

export interface PrivateNetworksArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** The virtual networks by name, which is part of the resource name: changing one does not touch the others. */
  virtualNetworks: Readonly<Record<string, VirtualNetworkArgs>>;
  /** The private ranges by name. */
  privateRanges: Readonly<Record<string, PrivateRangeArgs>>;
  /** The private host names by name. */
  privateHostnames: Readonly<Record<string, PrivateHostnameArgs>>;
}

/**
 * Private ranges and host names behind tunnels, closed by default: Gateway allows traffic to destinations of Access
 * applications, whose policies then decide, and blocks all other traffic.
 *
 * @example
 * new PrivateNetworks("access", {
 *   accountId: "023e105f4ecef8ad9ca31a8372d0c353",
 *   virtualNetworks: { datacenter: { displayName: "Datacenter" } },
 *   privateRanges: {
 *     servers: { virtualNetwork: "datacenter", cidr: "10.20.0.0/16", tunnelId, precedence: 1000 },
 *   },
 *   privateHostnames: {},
 * });
 */
export class PrivateNetworks extends pulumi.ComponentResource {
  /** Ids of the virtual networks, by name. */
  readonly virtualNetworkIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PrivateNetworksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:PrivateNetworks", name, {}, opts);
    const { accountId, privateRanges, privateHostnames } = args;
    const existenceHook = createExistenceHook(`${name}-networks-do-not-exist`);
    const referenceHook = createReferenceHook(`${name}-network-references`);
    const hooks = { beforeCreate: [existenceHook, referenceHook], beforeUpdate: [referenceHook] };
    const parent = { parent: this, hooks };

    const virtualNetworkIds = Object.entries(args.virtualNetworks).map(([key, network]) => {
      if ("id" in network) return [key, pulumi.output(network.id)] as const;
      const created = new cloudflare.ZeroTrustTunnelCloudflaredVirtualNetwork(
        `${name}-virtual-network-${key}`,
        { accountId, name: network.displayName, comment },
        parent,
      );
      return [key, created.id] as const;
    });
    this.virtualNetworkIds = Object.fromEntries(virtualNetworkIds);

    for (const [key, { virtualNetwork, cidr, tunnelId, precedence }] of Object.entries(privateRanges)) {
      const virtualNetworkId = getOwn(this.virtualNetworkIds, virtualNetwork);
      if (!virtualNetworkId) throw new pulumi.RunError(`virtual network "${virtualNetwork}" is not defined`);
      const traffic = pulumi.interpolate`net.vnet_id == "${virtualNetworkId}" and net.dst.ip in {${cidr}}`;
      const dependsOn = createGatewayRules(
        `${name}-range-${key}`,
        { accountId, key, traffic, precedence },
        parent,
      );
      if (tunnelId === undefined) continue;
      new cloudflare.ZeroTrustTunnelCloudflaredRoute(
        `${name}-range-${key}`,
        { accountId, network: cidr, tunnelId, virtualNetworkId, comment },
        { ...parent, dependsOn },
      );
    }

    for (const [key, { hostname, tunnelId, precedence }] of Object.entries(privateHostnames)) {
      const traffic = `net.sni.host == "${hostname}"`;
      const dependsOn = createGatewayRules(
        `${name}-hostname-${key}`,
        { accountId, key, traffic, precedence },
        parent,
      );
      if (tunnelId === undefined) continue;
      new cloudflare.ZeroTrustNetworkHostnameRoute(
        `${name}-hostname-${key}`,
        { accountId, hostname, tunnelId, comment },
        { ...parent, dependsOn },
      );
    }
    this.registerOutputs({ virtualNetworkIds: this.virtualNetworkIds });
  }
}

const comment = "Made by entra-access";

/** Traffic to a destination of an Access application, whose policies are evaluated after Gateway. */
const IS_PROTECTED = 'any(access.private_app[*] in {"*"})';

interface GatewayRulesArgs {
  accountId: pulumi.Input<string>;
  key: string;
  /** The traffic to close, as a wirefilter expression of terms that "and" joins. */
  traffic: pulumi.Input<string>;
  precedence: number;
}

/**
 * Creates the rules that close traffic. A route depends on them, so that it is created after them and deleted before
 * them; otherwise everybody with an enrolled device would get in for a moment.
 */
function createGatewayRules(
  name: string,
  { accountId, key, traffic, precedence }: GatewayRulesArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const createRule = (
    purpose: string,
    settings: Omit<cloudflare.ZeroTrustGatewayPolicyArgs, "accountId" | "name">,
  ) =>
    new cloudflare.ZeroTrustGatewayPolicy(
      `${name}-${purpose}`,
      {
        accountId,
        name: `${key}: ${purpose}`,
        description: comment,
        enabled: true,
        filters: ["l4"],
        ...settings,
      },
      opts,
    );
  const block = createRule("closed", { action: "block", traffic, precedence: precedence + 1 });
  const allow = createRule("applications", {
    action: "allow",
    traffic: pulumi.interpolate`${IS_PROTECTED} and ${traffic}`,
    precedence,
  });
  return [block, allow];
}
