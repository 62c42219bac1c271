import { z } from "zod";
import type { AccessGroup, AccessRules, Account } from "../../store/account";
import { checkedBody } from "../body";
import { type Call, jsonBody } from "../call";
import { operationsOf, type Settings } from "../collection";
import { notServed, unknown } from "../errors";
import { referred, refuseInUse } from "./in-use";
import { readRules, rulesSchema } from "./rules";

const body = z.strictObject({
  name: z.string().min(1),
  ...rulesSchema,
  is_default: z.boolean().nullish(),
});

const READ_ONLY = { "": ["id", "uid", "created_at", "updated_at"] };

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/groups/ */
export const groupOperations = operationsOf<AccessGroup>({
  path: "/access/groups",
  permission: "organization",
  query: ["name"],
  of: (account) => account.accessGroups,
  unknown: () => unknown("group"),
  async read(call, stored): Promise<Settings<AccessGroup>> {
    const echo = stored && { shown: wire(call.account, stored), readOnly: READ_ONLY };
    const { name, is_default, ...rules } = checkedBody(call, body, await jsonBody(call), echo);
    const read = readRules(call, rules);
    if (stored && reaches(call.account.accessGroups, read, stored.id)) {
      throw notServed(call.c.req.method, call.c.req.path, "a group within itself");
    }
    return { name, isDefault: is_default ?? false, ...read };
  },
  wire,
  mayGo: (account, id) => refuseInUse(account, "group", id),
  listed: (call: Call, { name }) => [undefined, name].includes(call.c.req.query("name")),
});

function wire(_account: Account, group: AccessGroup): Record<string, unknown> {
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

/** Whether the rules name a group, or another one that does. Groups that are kept are in no circle. */
function reaches(groups: Account["accessGroups"], rules: AccessRules, id: string): boolean {
  return referred(rules, "group").some((named) => {
    const group = groups.get(named);
    return named === id || (group !== undefined && reaches(groups, group, id));
  });
}
