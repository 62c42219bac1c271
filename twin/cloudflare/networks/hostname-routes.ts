import { z } from "zod";
import type { Account } from "../../store/account";
import type { HostnameRoute } from "../../store/networks";
import { checkedBody } from "../body";
import { type Call, jsonBody } from "../call";
import { operationsOf, type Settings } from "../collection";
import { conflict, invalid, NETWORKS, unknown } from "./refusals";

const body = z.strictObject({
  hostname: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/, "want a host name"),
  tunnel_id: z.string(),
  comment: z.string().max(100).nullish(),
});

/** Routes of private host names: https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/hostname_routes/ */
export const hostnameRouteOperations = operationsOf<HostnameRoute>({
  path: "/zerotrust/routes/hostname",
  permission: "tunnels",
  query: ["is_deleted", "tunnel_id"],
  habits: NETWORKS,
  of: (account) => account.hostnameRoutes,
  unknown: () => unknown("hostname route"),
  async read(call, stored): Promise<Settings<HostnameRoute>> {
    const schema = stored ? body.partial() : body;
    const sent = checkedBody(call, schema, await jsonBody(call), undefined, invalid);
    const hostname = sent.hostname ?? stored?.hostname ?? "";
    const tunnelId = sent.tunnel_id ?? stored?.tunnelId ?? "";
    if (!call.account.tunnels.has(tunnelId)) throw invalid("tunnel_id: tunnel not found");
    for (const other of call.account.hostnameRoutes.values()) {
      if (other.id !== stored?.id && other.hostname === hostname) throw conflict("the hostname has a route");
    }
    return { hostname, tunnelId, comment: sent.comment ?? stored?.comment ?? "" };
  },
  wire,
  listed({ c }: Call, route) {
    const { is_deleted, tunnel_id = route.tunnelId } = c.req.query();
    return is_deleted !== "true" && tunnel_id === route.tunnelId;
  },
});

function wire({ tunnels }: Account, route: HostnameRoute): Record<string, unknown> {
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
