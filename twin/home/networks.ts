import { html } from "hono/html";
import type { Html } from "../http/page";
import type { Account } from "../store/account";
import { code, table } from "./table";

/** Private networks and the rules that close them; nothing for an account without any. */
export function networks(account: Account): Html {
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
  return html`<p>Kept, validated and ordered; nothing passes through WARP or a tunnel here, so no rule below is enforced.</p>
${table({
  title: `Private networks of ${organization.name}`,
  columns: ["To", "Virtual network", "Tunnel"],
  rows: routes,
  cells: ({ to, network, tunnelId }) => [to, network, tunnel(tunnelId)],
  empty: "No route.",
})}
${table({
  title: `Network policies of ${organization.name}, in order`,
  columns: ["Name", "Precedence", "Action", "Traffic"],
  rows: rules,
  cells: ({ name, precedence, action, enabled, traffic }) => [
    name,
    precedence,
    enabled ? action : `${action}, off`,
    code(traffic),
  ],
  empty: "No rule.",
})}`;
}
