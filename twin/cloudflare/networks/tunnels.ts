import type { Account } from "../../store/account";
import type { Tunnel } from "../../store/networks";
import { type Operation, page } from "../call";
import { unknown } from "./refusals";

/**
 * Read only: a tunnel is of use where cloudflared runs.
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/subresources/cloudflared/
 */
export const tunnelOperations: Operation[] = [
  {
    method: "GET",
    path: "/cfd_tunnel",
    permission: "tunnels",
    query: ["is_deleted", "name", "page", "per_page"],
    handle(call) {
      const { is_deleted, name } = call.c.req.query();
      const all = [...call.account.tunnels.values()].filter(
        (tunnel) => is_deleted !== "true" && (name ?? tunnel.name) === tunnel.name,
      );
      const { items, info } = page(call, all);
      return { status: 200, result: items.map((tunnel) => wire(call.account, tunnel)), resultInfo: info };
    },
  },
  {
    method: "GET",
    path: "/cfd_tunnel/:id",
    permission: "tunnels",
    handle({ account, c }) {
      const tunnel = account.tunnels.get(c.req.param("id") ?? "");
      if (!tunnel) throw unknown("tunnel");
      return { status: 200, result: wire(account, tunnel) };
    },
  },
];

/** Nothing connects to the twin, so that a tunnel has never been connected. */
function wire({ id: account_tag }: Account, { id, name, createdAt }: Tunnel): Record<string, unknown> {
  return {
    id,
    account_tag,
    name,
    status: "inactive",
    tun_type: "cfd_tunnel",
    config_src: "cloudflare",
    connections: [],
    created_at: createdAt,
    deleted_at: null,
  };
}
