import { z } from "zod";
import type { AccessGroup, Account, RuleLists } from "../../../store/cloudflare/account";
import { validateBody } from "../../body";
import { type CloudflareCall, readJsonBody } from "../../call";
import { createOperations, type ItemSettings } from "../../collection";
import { cloudflareNotServed, unknownObject } from "../../errors";
import { listReferences, refuseInUse } from "../in-use";
import { readRules, rulesSchema } from "./rules";

const body = z.strictObject({
  name: z.string().min(1),
  ...rulesSchema,
  is_default: z.boolean().nullish(),
});

const READ_ONLY = { "": ["id", "uid", "created_at", "updated_at"] };

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/groups/ */
export const accessGroupOperations = createOperations<AccessGroup>({
  path: "/access/groups",
  permission: "organization",
  query: ["name"],
  getItems: (account) => account.accessGroups,
  createUnknownError: () => unknownObject("group"),
  async readSettings(call, stored): Promise<ItemSettings<AccessGroup>> {
    const echo = stored && { shown: toWire(call.account, stored), readOnly: READ_ONLY };
    const { name, is_default, ...rules } = validateBody(call, body, await readJsonBody(call), echo);
    const read = readRules(call, rules);
    if (stored && reachesGroup(call.account.accessGroups, read, stored.id)) {
      throw cloudflareNotServed(call.c.req, "a group that contains itself");
    }
    return { name, isDefault: is_default ?? false, ...read };
  },
  toWire,
  refuseDeletion: (account, id) => refuseInUse(account, "group", id),
  isListed: (call: CloudflareCall, { name }) => [undefined, name].includes(call.c.req.query("name")),
});

function toWire(_account: Account, group: AccessGroup): Record<string, unknown> {
  const { id, name, include, exclude, require } = group;
  return {
    id,
    uid: id,
    name,
    include,
    exclude,
    require,
    is_default: group.isDefault,
    created_at: group.createdAt,
    updated_at: group.updatedAt,
  };
}

/** Tells if the rules refer to a group, directly or through other groups. Stored groups have no cycles. */
function reachesGroup(groups: Account["accessGroups"], rules: RuleLists, id: string): boolean {
  return listReferences(rules, "group").some((named) => {
    const group = groups.get(named);
    return named === id || (group !== undefined && reachesGroup(groups, group, id));
  });
}
