import type { Account } from "../../store/cloudflare/account";
import { createTable, type Details, renderCode } from "../table";

const NOT_ENFORCED =
  "Stored, validated and ordered, but not enforced: no traffic passes through WARP or a tunnel here.";

/** Describes private networks and network policies; nothing for an account without any. */
export function createNetworkTables(account: Account): Details[] {
  const { gatewayRules, hostnameRoutes, tunnelRoutes, tunnels, virtualNetworks } = account;
  const tunnel = (id: string) => tunnels.get(id)?.name ?? id;
  const routes = [
    ...[...tunnelRoutes.values()].map((route) => ({
      to: route.network,
      tunnelId: route.tunnelId,
      network: virtualNetworks.get(route.virtualNetworkId)?.name ?? route.virtualNetworkId,
    })),
    ...[...hostnameRoutes.values()].map(({ hostname, tunnelId }) => ({
      to: hostname,
      tunnelId,
      network: "",
    })),
  ];
  const rules = [...gatewayRules.values()].sort((one, other) => one.precedence - other.precedence);
  return [
    createTable({
      title: "Private networks",
      columns: ["To", "Virtual network", "Tunnel"],
      rows: routes,
      cells: ({ to, network, tunnelId }) => [to, network, tunnel(tunnelId)],
      note: NOT_ENFORCED,
      empty: "",
    }),
    createTable({
      title: "Network policies",
      columns: ["Name", "Precedence", "Action", "Traffic"],
      rows: rules,
      cells: ({ name, precedence, action, enabled, traffic }) => [
        name,
        precedence,
        enabled ? action : `${action}, off`,
        renderCode(traffic),
      ],
      note: NOT_ENFORCED,
      empty: "",
    }),
  ].filter(({ count }) => count > 0);
}
