import { z } from "zod";
import type { Account } from "../../store/cloudflare/account";
import type { HostnameRoute } from "../../store/cloudflare/networks";
import { validateBody } from "../body";
import { type CloudflareCall, readJsonBody } from "../call";
import { createOperations, type ItemSettings } from "../collection";
import { invalidNetworkRequest, NETWORK_API, networkConflict, unknownNetworkObject } from "./refusals";

const body = z.strictObject({
  hostname: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/, "must be a host name"),
  tunnel_id: z.string(),
  comment: z.string().max(100).nullish(),
});

/** Routes of private host names: https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/hostname_routes/ */
export const hostnameRouteOperations = createOperations<HostnameRoute>({
  path: "/zerotrust/routes/hostname",
  permission: "tunnels",
  query: ["is_deleted", "tunnel_id"],
  conventions: NETWORK_API,
  getItems: (account) => account.hostnameRoutes,
  createUnknownError: () => unknownNetworkObject("hostname route"),
  async readSettings(call, stored): Promise<ItemSettings<HostnameRoute>> {
    const schema = stored ? body.partial() : body;
    const sent = validateBody(call, schema, await readJsonBody(call), undefined, invalidNetworkRequest);
    const hostname = sent.hostname ?? stored?.hostname ?? "";
    const tunnelId = sent.tunnel_id ?? stored?.tunnelId ?? "";
    if (!call.account.tunnels.has(tunnelId)) throw invalidNetworkRequest("tunnel_id: tunnel not found");
    for (const other of call.account.hostnameRoutes.values()) {
      if (other.id !== stored?.id && other.hostname === hostname)
        throw networkConflict("the hostname already has a route");
    }
    return { hostname, tunnelId, comment: sent.comment ?? stored?.comment ?? "" };
  },
  toWire,
  isListed({ c }: CloudflareCall, route) {
    const { is_deleted, tunnel_id = route.tunnelId } = c.req.query();
    return is_deleted !== "true" && tunnel_id === route.tunnelId;
  },
});

function toWire({ tunnels }: Account, route: HostnameRoute): Record<string, unknown> {
  return {
    id: route.id,
    hostname: route.hostname,
    comment: route.comment || null,
    tun_type: "cfd_tunnel",
    tunnel_id: route.tunnelId,
    tunnel_name: tunnels.get(route.tunnelId)?.name,
    created_at: route.createdAt,
    deleted_at: null,
  };
}
