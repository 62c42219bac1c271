import { z } from "zod";
import type { Account } from "../../store/account";
import type { VirtualNetwork } from "../../store/networks";
import { checkedBody } from "../body";
import { type Call, jsonBody } from "../call";
import { operationsOf, type Settings } from "../collection";
import { notServed } from "../errors";
import { conflict, invalid, NETWORKS, unknown } from "./refusals";

const body = z.strictObject({
  name: z.string().min(1).max(256),
  comment: z.string().max(256).optional(),
  is_default_network: z.boolean().optional(),
});

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/virtual_networks/ */
export const virtualNetworkOperations = operationsOf<VirtualNetwork>({
  path: "/teamnet/virtual_networks",
  permission: "tunnels",
  query: ["is_default_network", "is_deleted", "name"],
  habits: { ...NETWORKS, pages: false },
  of: (account) => account.virtualNetworks,
  unknown: () => unknown("virtual network"),
  async read(call, stored): Promise<Settings<VirtualNetwork>> {
    const schema = stored ? body.partial() : body;
    const sent = checkedBody(call, schema, await jsonBody(call), undefined, invalid);
    const isDefault = stored?.isDefault ?? false;
    if ((sent.is_default_network ?? isDefault) !== isDefault) {
      throw notServed(call.c.req.method, call.c.req.path, "another default virtual network");
    }
    const name = sent.name ?? stored?.name ?? "";
    for (const other of call.account.virtualNetworks.values()) {
      if (other.id !== stored?.id && other.name === name) throw conflict("a virtual network has this name");
    }
    return { name, comment: sent.comment ?? stored?.comment ?? "", isDefault };
  },
  wire,
  mayGo({ tunnelRoutes, virtualNetworks }, id) {
    if (virtualNetworks.get(id)?.isDefault) throw conflict("the default virtual network cannot be deleted");
    if ([...tunnelRoutes.values()].some(({ virtualNetworkId }) => virtualNetworkId === id)) {
      throw conflict("the virtual network has routes");
    }
  },
  listed({ c }: Call, network) {
    const { is_default_network = String(network.isDefault), is_deleted, name = network.name } = c.req.query();
    return is_deleted !== "true" && name === network.name && is_default_network === String(network.isDefault);
  },
});

function wire(_account: Account, network: VirtualNetwork): Record<string, unknown> {
  return {
    id: network.id,
    name: network.name,
    comment: network.comment,
    is_default_network: network.isDefault,
    created_at: network.createdAt,
    deleted_at: null,
  };
}
