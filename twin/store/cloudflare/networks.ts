/** Private networks and Gateway network policies of a Cloudflare account. */

/** An object that the API creates and changes. */
export interface StoredObject {
  id: string;
  createdAt: string;
  updatedAt: string;
}

/** A cloudflared tunnel, which comes from the seed. */
export interface Tunnel {
  id: string;
  name: string;
  createdAt: string;
}

/** A virtual network, which separates networks with overlapping addresses. */
export interface VirtualNetwork extends StoredObject {
  name: string;
  comment: string;
  isDefault: boolean;
}

/** A route of an address range of a virtual network into a tunnel. */
export interface TunnelRoute extends StoredObject {
  /** Address range in CIDR notation. */
  network: string;
  tunnelId: string;
  virtualNetworkId: string;
  comment: string;
}

/** A route of a private host name into a tunnel. */
export interface HostnameRoute extends StoredObject {
  hostname: string;
  tunnelId: string;
  comment: string;
}

/** A Gateway network policy; the first one that matches decides. */
export interface GatewayRule extends StoredObject {
  name: string;
  description: string;
  action: "allow" | "block";
  enabled: boolean;
  /** Wirefilter expression. */
  traffic: string;
  /** Unique; lower values are evaluated first. */
  precedence: number;
  version: number;
}
