/** `cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork` */
import { accountResource } from "../cloudflare/account-resource";
import { flag, text } from "../properties";

export const virtualNetwork = accountResource({
  terraform: "cloudflare_zero_trust_tunnel_cloudflared_virtual_network",
  path: "/teamnet/virtual_networks",
  idName: "virtual_network_id",
  ownedBy: "account",
  change: "PATCH",
  table: {
    accountId: text({ required: true, replaces: true, description: "Cloudflare account ID" }),
    comment: text({ implied: "" }),
    createdAt: text({ output: true }),
    deletedAt: text({ output: true }),
    // The older name of `isDefaultNetwork`.
    isDefault: flag({ unsupported: true }),
    isDefaultNetwork: flag({ implied: false }),
    name: text({ required: true, description: "A user-friendly name for the virtual network." }),
  },
});
