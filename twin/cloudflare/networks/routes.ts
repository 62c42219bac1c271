import { z } from "zod";
import type { Account } from "../../store/account";
import type { TunnelRoute } from "../../store/networks";
import { checkedBody } from "../body";
import { type Call, jsonBody } from "../call";
import { cidr } from "../cidr";
import { operationsOf, type Settings } from "../collection";
import { CloudflareError } from "../errors";
import { invalid, NETWORKS } from "./refusals";

const body = z.strictObject({
  network: cidr,
  tunnel_id: z.string(),
  virtual_network_id: z.string().optional(),
  comment: z.string().max(100).optional(),
});

/** Routes of private addresses: https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/routes/ */
export const routeOperations = operationsOf<TunnelRoute>({
  path: "/teamnet/routes",
  permission: "tunnels",
  query: ["is_deleted", "tunnel_id", "virtual_network_id"],
  habits: NETWORKS,
  of: (account) => account.tunnelRoutes,
  unknown: () =>
    new CloudflareError(
      404,
      1015,
      "You are trying to modify the route for a network that isn't routed. Please add the network before modifying it. Or, check that you specified the correct network.",
    ),
  async read(call, stored): Promise<Settings<TunnelRoute>> {
    const schema = stored ? body.partial() : body;
    const sent = checkedBody(call, schema, await jsonBody(call), undefined, invalid);
    const { tunnels, virtualNetworks, tunnelRoutes } = call.account;
    const [byDefault] = [...virtualNetworks.values()].filter(({ isDefault }) => isDefault);
    const wanted = {
      network: sent.network ?? stored?.network ?? "",
      tunnelId: sent.tunnel_id ?? stored?.tunnelId ?? "",
      virtualNetworkId: sent.virtual_network_id ?? stored?.virtualNetworkId ?? byDefault?.id ?? "",
      comment: sent.comment ?? stored?.comment ?? "",
    };
    if (!tunnels.has(wanted.tunnelId)) throw invalid("tunnel_id: tunnel not found");
    if (!virtualNetworks.has(wanted.virtualNetworkId)) {
      throw invalid("virtual_network_id: virtual network not found");
    }
    for (const other of tunnelRoutes.values()) {
      if (other.id === stored?.id || other.virtualNetworkId !== wanted.virtualNetworkId) continue;
      if (other.network === wanted.network) {
        throw new CloudflareError(409, 1014, "You already have a route defined for this exact IP subnet");
      }
    }
    return wanted;
  },
  wire,
  listed({ c }: Call, route) {
    const {
      is_deleted,
      tunnel_id = route.tunnelId,
      virtual_network_id = route.virtualNetworkId,
    } = c.req.query();
    // What was deleted is not kept.
    return (
      is_deleted !== "true" && tunnel_id === route.tunnelId && virtual_network_id === route.virtualNetworkId
    );
  },
});

function wire({ tunnels, virtualNetworks }: Account, route: TunnelRoute): Record<string, unknown> {
  return {
    id: route.id,
    network: route.network,
    comment: route.comment,
    tun_type: "cfd_tunnel",
    tunnel_id: route.tunnelId,
    tunnel_name: tunnels.get(route.tunnelId)?.name,
    virtual_network_id: route.virtualNetworkId,
    virtual_network_name: virtualNetworks.get(route.virtualNetworkId)?.name,
    created_at: route.createdAt,
    deleted_at: null,
  };
}
