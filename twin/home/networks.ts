import { html } from "hono/html";
import type { Html } from "../http/page";
import type { Account } from "../store/account";
import { renderCode, renderTable } from "./table";

/** Renders private networks and network policies; nothing for an account without any. */
export function renderNetworks(account: Account): Html {
  const { gatewayRules, hostnameRoutes, organization, tunnelRoutes, tunnels, virtualNetworks } = account;
  const tunnel = (id: string) => tunnels.get(id)?.name ?? id;
  const routes = [
    ...[...tunnelRoutes.values()].map((route) => ({
      ...{ to: route.network, tunnelId: route.tunnelId },
      network: virtualNetworks.get(route.virtualNetworkId)?.name ?? route.virtualNetworkId,
    })),
    ...[...hostnameRoutes.values()].map(({ hostname, tunnelId }) => ({
      to: hostname,
      tunnelId,
      network: "",
    })),
  ];
  const rules = [...gatewayRules.values()].sort((one, other) => one.precedence - other.precedence);
  if (routes.length + rules.length === 0) return html``;
  return html`<p>Stored, validated and ordered, but not enforced: no traffic passes through WARP or a tunnel here.</p>
${renderTable({
  title: `Private networks of ${organization.name}`,
  columns: ["To", "Virtual network", "Tunnel"],
  rows: routes,
  cells: ({ to, network, tunnelId }) => [to, network, tunnel(tunnelId)],
  empty: "No route.",
})}
${renderTable({
  title: `Network policies of ${organization.name}, in order`,
  columns: ["Name", "Precedence", "Action", "Traffic"],
  rows: rules,
  cells: ({ name, precedence, action, enabled, traffic }) => [
    name,
    precedence,
    enabled ? action : `${action}, off`,
    renderCode(traffic),
  ],
  empty: "No rule.",
})}`;
}
