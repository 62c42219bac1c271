import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

/** An existing virtual network by its id, or one to make by what Cloudflare shows. */
export type VirtualNetworkArgs = { id: pulumi.Input<string> } | { displayName: pulumi.Input<string> };

interface RoutedArgs {
  /** Id of the tunnel to make a route into; default: the route is there already. */
  tunnelId?: pulumi.Input<string> | undefined;
  /** Place of its two rules among those of Gateway: this number and the next. The lower, the earlier. */
  precedence: number;
}

export interface PrivateRangeArgs extends RoutedArgs {
  /** Name of the virtual network. */
  virtualNetwork: string;
  /** In CIDR notation, e.g. "10.20.0.0/16". */
  cidr: string;
}

export interface PrivateHostnameArgs extends RoutedArgs {
  /** E.g. "ledger.corp.contoso.example"; no wildcards. */
  hostname: string;
}

export interface PrivateNetworksArgs {
  /** Cloudflare account id, 32 hexadecimal digits. */
  accountId: pulumi.Input<string>;
  /** All by name; the name is part of the resources', so that others are untouched by it. */
  virtualNetworks: Readonly<Record<string, VirtualNetworkArgs>>;
  privateRanges: Readonly<Record<string, PrivateRangeArgs>>;
  privateHostnames: Readonly<Record<string, PrivateHostnameArgs>>;
}

/**
 * Private ranges and host names behind tunnels, closed by default: Gateway lets through what an Access application
 * protects, whose policies then decide, and blocks the rest.
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
    const parent = { parent: this };

    const virtualNetworkIds = Object.entries(args.virtualNetworks).map(([key, network]) => {
      if ("id" in network) return [key, pulumi.output(network.id)] as const;
      const made = new cloudflare.ZeroTrustTunnelCloudflaredVirtualNetwork(
        `${name}-virtual-network-${key}`,
        { accountId, name: network.displayName, comment },
        parent,
      );
      return [key, made.id] as const;
    });
    this.virtualNetworkIds = Object.fromEntries(virtualNetworkIds);

    for (const [key, { virtualNetwork, cidr, tunnelId, precedence }] of Object.entries(privateRanges)) {
      const virtualNetworkId = this.virtualNetworkIds[virtualNetwork];
      if (!virtualNetworkId) throw new pulumi.RunError(`there is no virtual network "${virtualNetwork}"`);
      const traffic = pulumi.interpolate`net.vnet_id == "${virtualNetworkId}" and net.dst.ip in {${cidr}}`;
      const dependsOn = closed(`${name}-range-${key}`, { accountId, key, traffic, precedence }, parent);
      if (tunnelId === undefined) continue;
      new cloudflare.ZeroTrustTunnelCloudflaredRoute(
        `${name}-range-${key}`,
        { accountId, network: cidr, tunnelId, virtualNetworkId, comment },
        { ...parent, dependsOn },
      );
    }

    for (const [key, { hostname, tunnelId, precedence }] of Object.entries(privateHostnames)) {
      const traffic = `net.sni.host == "${hostname}"`;
      const dependsOn = closed(`${name}-hostname-${key}`, { accountId, key, traffic, precedence }, parent);
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

/** Whatever an Access application protects, which asks its policies after Gateway. */
const PROTECTED = 'any(access.private_app[*] in {"*"})';

interface ClosedArgs {
  accountId: pulumi.Input<string>;
  key: string;
  /** What is closed, as a wirefilter expression of terms that "and" joins. */
  traffic: pulumi.Input<string>;
  precedence: number;
}

/**
 * The rules that close something. A route depends on them, so that it comes after them and goes before them: in between
 * everybody with an enrolled device would get in.
 */
function closed(
  name: string,
  { accountId, key, traffic, precedence }: ClosedArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const rule = (what: string, settings: Omit<cloudflare.ZeroTrustGatewayPolicyArgs, "accountId" | "name">) =>
    new cloudflare.ZeroTrustGatewayPolicy(
      `${name}-${what}`,
      {
        accountId,
        name: `${key}: ${what}`,
        description: comment,
        enabled: true,
        filters: ["l4"],
        ...settings,
      },
      opts,
    );
  const block = rule("closed", { action: "block", traffic, precedence: precedence + 1 });
  const allow = rule("applications", {
    action: "allow",
    traffic: pulumi.interpolate`${PROTECTED} and ${traffic}`,
    precedence,
  });
  return [block, allow];
}
