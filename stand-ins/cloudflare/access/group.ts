/** `cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup`: a named group of rules. */

import { boolean, string } from "../../bridge/table/properties";
import { createAccountResource } from "../account-resource";
import { groupRulesTable } from "./rules-table";

export const accessGroupResource = createAccountResource({
  terraform: "cloudflare_zero_trust_access_group",
  path: "/access/groups",
  idName: "group_id",
  table: {
    accountId: string({ replaces: true }),
    ...groupRulesTable,
    isDefault: boolean(),
    name: string({ required: true, description: "The name of the Access group." }),
    zoneId: string({ replaces: true }),
  },
  // The real plugin sends `isDefault`, but never reads it.
  normalize: ({ isDefault: _shown, ...outputs }, { isDefault }) =>
    isDefault === undefined ? outputs : { ...outputs, isDefault },
});
