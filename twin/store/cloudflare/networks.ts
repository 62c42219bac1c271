/** Private networks and Gateway network policies of a Cloudflare account. */

/** A cloudflared tunnel, which comes from the seed. */
export interface Tunnel {
  id: string;
  name: string;
  createdAt: string;
}

/** A virtual network, which separates networks with overlapping addresses. */
export interface VirtualNetwork {
  id: string;
  name: string;
  comment: string;
  isDefault: boolean;
  createdAt: string;
  updatedAt: string;
}

/** A route of an address range of a virtual network into a tunnel. */
export interface TunnelRoute {
  id: string;
  /** Address range in CIDR notation. */
  network: string;
  tunnelId: string;
  virtualNetworkId: string;
  comment: string;
  createdAt: string;
  updatedAt: string;
}

/** A route of a private host name into a tunnel. */
export interface HostnameRoute {
  id: string;
  hostname: string;
  tunnelId: string;
  comment: string;
  createdAt: string;
  updatedAt: string;
}

/** A Gateway network policy; the first one that matches decides. */
export interface GatewayRule {
  id: string;
  name: string;
  description: string;
  action: "allow" | "block";
  enabled: boolean;
  /** Wirefilter expression. */
  traffic: string;
  /** Unique; lower values are evaluated first. */
  precedence: number;
  version: number;
  createdAt: string;
  updatedAt: string;
}
