import type { Account } from "../../store/cloudflare/account";
import type { Tunnel } from "../../store/cloudflare/networks";
import { answerPage, type CloudflareOperation } from "../call";
import { unknownNetworkObject } from "./refusals";

/**
 * Read-only operations, since creating a tunnel is useless without cloudflared:
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/tunnels/subresources/cloudflared/
 */
export const tunnelOperations: CloudflareOperation[] = [
  {
    call: "GET /cfd_tunnel",
    permission: "tunnels",
    query: ["is_deleted", "name", "page", "per_page"],
    handle(call) {
      const { is_deleted, name } = call.c.req.query();
      const all = [...call.account.tunnels.values()].filter(
        (tunnel) => is_deleted !== "true" && (name ?? tunnel.name) === tunnel.name,
      );
      return answerPage(call, all, (tunnel) => toWire(call.account, tunnel));
    },
  },
  {
    call: "GET /cfd_tunnel/{id}",
    permission: "tunnels",
    handle({ account, c }) {
      const tunnel = account.tunnels.get(c.req.param("id") ?? "");
      if (!tunnel) throw unknownNetworkObject("tunnel");
      return { status: 200, result: toWire(account, tunnel) };
    },
  },
];

/** Formats a tunnel, which was never connected because nothing connects to the twin. */
function toWire({ id: account_tag }: Account, { id, name, createdAt }: Tunnel): Record<string, unknown> {
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
