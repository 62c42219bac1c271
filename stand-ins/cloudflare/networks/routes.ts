/** Routes of private addresses and host names into a tunnel. */

import { string } from "../../bridge/table/properties";
import { createAccountResource } from "../account-resource";

const accountId = string({ required: true, replaces: true, description: "Cloudflare account ID" });
const dates = { createdAt: string({ output: true }), deletedAt: string({ output: true }) };

/** `cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute` */
export const tunnelRouteResource = createAccountResource({
  terraform: "cloudflare_zero_trust_tunnel_cloudflared_route",
  path: "/teamnet/routes",
  idName: "route_id",
  ownedBy: "account",
  updateMethod: "PATCH",
  table: {
    accountId,
    comment: string({ implied: "" }),
    ...dates,
    network: string({
      required: true,
      description: "The private IPv4 or IPv6 range connected by the route, in CIDR notation.",
    }),
    tunnelId: string({ required: true, description: "UUID of the tunnel." }),
    virtualNetworkId: string({ computed: true }),
  },
});

/** `cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute` */
export const hostnameRouteResource = createAccountResource({
  terraform: "cloudflare_zero_trust_network_hostname_route",
  path: "/zerotrust/routes/hostname",
  idName: "hostname_route_id",
  ownedBy: "account",
  updateMethod: "PATCH",
  table: {
    accountId,
    comment: string(),
    ...dates,
    hostname: string(),
    tunType: string({ output: true }),
    tunnelId: string(),
    tunnelName: string({ output: true }),
  },
});
