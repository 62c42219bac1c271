/** `cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup`: rules under a name. */

import { accountResource } from "../cloudflare/account-resource";
import { flag, text } from "../properties";
import { groupRules } from "./rules-table";

export const accessGroup = accountResource({
  terraform: "cloudflare_zero_trust_access_group",
  path: "/access/groups",
  idName: "group_id",
  table: {
    accountId: text({ replaces: true }),
    ...groupRules,
    isDefault: flag(),
    name: text({ required: true, description: "The name of the Access group." }),
    zoneId: text({ replaces: true }),
  },
  // Sent, and never looked at again.
  normalized: ({ isDefault: _shown, ...outputs }, { isDefault }) =>
    isDefault === undefined ? outputs : { ...outputs, isDefault },
});
