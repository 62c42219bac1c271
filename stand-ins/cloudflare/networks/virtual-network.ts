/** `cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork` */

import { boolean, string } from "../../bridge/table/properties";
import { createAccountResource } from "../account-resource";

export const virtualNetworkResource = createAccountResource({
  terraform: "cloudflare_zero_trust_tunnel_cloudflared_virtual_network",
  path: "/teamnet/virtual_networks",
  idName: "virtual_network_id",
  ownedBy: "account",
  updateMethod: "PATCH",
  table: {
    accountId: string({ required: true, replaces: true, description: "Cloudflare account ID" }),
    comment: string({ implied: "" }),
    createdAt: string({ output: true }),
    deletedAt: string({ output: true }),
    // The older name of `isDefaultNetwork`.
    isDefault: boolean({ unsupported: true }),
    isDefaultNetwork: boolean({ implied: false }),
    name: string({ required: true, description: "A user-friendly name for the virtual network." }),
  },
});
