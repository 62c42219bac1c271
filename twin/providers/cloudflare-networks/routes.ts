/** What leads into a tunnel: private addresses and private host names. */
import { accountResource } from "../cloudflare/account-resource";
import { text } from "../properties";

const accountId = text({ required: true, replaces: true, description: "Cloudflare account ID" });
const dates = { createdAt: text({ output: true }), deletedAt: text({ output: true }) };

/** `cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute` */
export const tunnelRoute = accountResource({
  terraform: "cloudflare_zero_trust_tunnel_cloudflared_route",
  path: "/teamnet/routes",
  idName: "route_id",
  ownedBy: "account",
  change: "PATCH",
  table: {
    accountId,
    comment: text({ implied: "" }),
    ...dates,
    network: text({
      required: true,
      description: "The private IPv4 or IPv6 range connected by the route, in CIDR notation.",
    }),
    tunnelId: text({ required: true, description: "UUID of the tunnel." }),
    virtualNetworkId: text({ computed: true }),
  },
});

/** `cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute` */
export const hostnameRoute = accountResource({
  terraform: "cloudflare_zero_trust_network_hostname_route",
  path: "/zerotrust/routes/hostname",
  idName: "hostname_route_id",
  ownedBy: "account",
  change: "PATCH",
  table: {
    accountId,
    comment: text(),
    ...dates,
    hostname: text(),
    tunType: text({ output: true }),
    tunnelId: text(),
    tunnelName: text({ output: true }),
  },
});
