import { z } from "zod";
import type { Account } from "../../store/cloudflare/account";
import type { VirtualNetwork } from "../../store/cloudflare/networks";
import { validateBody } from "../body";
import { type CloudflareCall, readJsonBody } from "../call";
import { createOperations, type ItemSettings } from "../collection";
import { cloudflareNotServed } from "../errors";
import { invalidNetworkRequest, NETWORK_API, networkConflict, unknownNetworkObject } from "./refusals";

const body = z.strictObject({
  name: z.string().min(1).max(256),
  comment: z.string().max(256).optional(),
  is_default_network: z.boolean().optional(),
});

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/networks/subresources/virtual_networks/ */
export const virtualNetworkOperations = createOperations<VirtualNetwork>({
  path: "/teamnet/virtual_networks",
  permission: "tunnels",
  query: ["is_default_network", "is_deleted", "name"],
  conventions: { ...NETWORK_API, isPaginated: false },
  getItems: (account) => account.virtualNetworks,
  createUnknownError: () => unknownNetworkObject("virtual network"),
  async readSettings(call, stored): Promise<ItemSettings<VirtualNetwork>> {
    const schema = stored ? body.partial() : body;
    const sent = validateBody(call, schema, await readJsonBody(call), undefined, invalidNetworkRequest);
    const isDefault = stored?.isDefault ?? false;
    if ((sent.is_default_network ?? isDefault) !== isDefault) {
      throw cloudflareNotServed(call.c.req, "a change of the default virtual network");
    }
    const name = sent.name ?? stored?.name ?? "";
    for (const other of call.account.virtualNetworks.values()) {
      if (other.id !== stored?.id && other.name === name)
        throw networkConflict("a virtual network with this name exists");
    }
    return { name, comment: sent.comment ?? stored?.comment ?? "", isDefault };
  },
  toWire,
  refuseDeletion({ tunnelRoutes, virtualNetworks }, id) {
    if (virtualNetworks.get(id)?.isDefault)
      throw networkConflict("the default virtual network cannot be deleted");
    if ([...tunnelRoutes.values()].some(({ virtualNetworkId }) => virtualNetworkId === id)) {
      throw networkConflict("the virtual network has routes");
    }
  },
  isListed({ c }: CloudflareCall, network) {
    const { is_default_network = String(network.isDefault), is_deleted, name = network.name } = c.req.query();
    return is_deleted !== "true" && name === network.name && is_default_network === String(network.isDefault);
  },
});

function toWire(_account: Account, network: VirtualNetwork): Record<string, unknown> {
  return {
    id: network.id,
    name: network.name,
    comment: network.comment,
    is_default_network: network.isDefault,
    created_at: network.createdAt,
    deleted_at: null,
  };
}
