import { z } from "zod";
import type { Account } from "../../store/cloudflare/account";
import type { TunnelRoute } from "../../store/cloudflare/networks";
import { validateBody } from "../body";
import { type CloudflareCall, readJsonBody } from "../call";
import { cidrSchema } from "../cidr";
import { createOperations, type ItemSettings } from "../collection";
import { CloudflareError } from "../errors";
import { invalidNetworkRequest, NETWORK_API } from "./refusals";

const body = z.strictObject({
  network: cidrSchema,
  tunnel_id: z.string(),
  virtual_network_id: z.string().optional(),
  comment: z.string().max(100).optional(),
});

/** Routes of private addresses: https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/routes/ */
export const routeOperations = createOperations<TunnelRoute>({
  path: "/teamnet/routes",
  permission: "tunnels",
  query: ["is_deleted", "tunnel_id", "virtual_network_id"],
  conventions: NETWORK_API,
  getItems: (account) => account.tunnelRoutes,
  createUnknownError: () =>
    new CloudflareError(
      404,
      1015,
      "You are trying to modify the route for a network that isn't routed. Please add the network before modifying it. Or, check that you specified the correct network.",
    ),
  async readSettings(call, stored): Promise<ItemSettings<TunnelRoute>> {
    const schema = stored ? body.partial() : body;
    const sent = validateBody(call, schema, await readJsonBody(call), undefined, invalidNetworkRequest);
    const { tunnels, virtualNetworks, tunnelRoutes } = call.account;
    const [defaultNetwork] = [...virtualNetworks.values()].filter(({ isDefault }) => isDefault);
    const settings = {
      network: sent.network ?? stored?.network ?? "",
      tunnelId: sent.tunnel_id ?? stored?.tunnelId ?? "",
      virtualNetworkId: sent.virtual_network_id ?? stored?.virtualNetworkId ?? defaultNetwork?.id ?? "",
      comment: sent.comment ?? stored?.comment ?? "",
    };
    if (!tunnels.has(settings.tunnelId)) throw invalidNetworkRequest("tunnel_id: tunnel not found");
    if (!virtualNetworks.has(settings.virtualNetworkId)) {
      throw invalidNetworkRequest("virtual_network_id: virtual network not found");
    }
    for (const other of tunnelRoutes.values()) {
      if (other.id === stored?.id || other.virtualNetworkId !== settings.virtualNetworkId) continue;
      if (other.network === settings.network) {
        throw new CloudflareError(409, 1014, "You already have a route defined for this exact IP subnet");
      }
    }
    return settings;
  },
  toWire,
  isListed({ c }: CloudflareCall, route) {
    const {
      is_deleted,
      tunnel_id = route.tunnelId,
      virtual_network_id = route.virtualNetworkId,
    } = c.req.query();
    // Deleted routes are not kept.
    return (
      is_deleted !== "true" && tunnel_id === route.tunnelId && virtual_network_id === route.virtualNetworkId
    );
  },
});

function toWire({ tunnels, virtualNetworks }: Account, route: TunnelRoute): Record<string, unknown> {
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
