/** What one account of Cloudflare keeps of private networks, and of the network policies of Gateway. */

/** A tunnel of cloudflared, which a seed brings along. */
export interface Tunnel {
  id: string;
  name: string;
  createdAt: string;
}

/** Keeps apart networks that use the same addresses. */
export interface VirtualNetwork {
  id: string;
  name: string;
  comment: string;
  isDefault: boolean;
  createdAt: string;
  updatedAt: string;
}

/** Leads a range of addresses of a virtual network into a tunnel. */
export interface TunnelRoute {
  id: string;
  /** In CIDR notation. */
  network: string;
  tunnelId: string;
  virtualNetworkId: string;
  comment: string;
  createdAt: string;
  updatedAt: string;
}

/** Leads a private host name into a tunnel. */
export interface HostnameRoute {
  id: string;
  hostname: string;
  tunnelId: string;
  comment: string;
  createdAt: string;
  updatedAt: string;
}

/** A network policy of Gateway: the first one that matches decides. */
export interface GatewayRule {
  id: string;
  name: string;
  description: string;
  action: "allow" | "block";
  enabled: boolean;
  /** Wirefilter expression. */
  traffic: string;
  /** The lower, the earlier; each is taken once. */
  precedence: number;
  version: number;
  createdAt: string;
  updatedAt: string;
}
