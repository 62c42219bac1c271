import { z } from "zod";
import { findTransitiveGroups } from "../../store/entra/directory";
import type { User } from "../../store/entra/tenant";
import { type BodyRules, type GraphCall, type GraphOperation, readBody } from "../call";
import { getContextUrl } from "../query";
import { createMembershipOperations, showUser } from "./users";

const getMemberGroupsSchema = z.strictObject({ securityEnabledOnly: z.boolean().default(false) });

const rules: BodyRules = { type: "getMemberGroups", readOnly: [], notServed: [] };

/**
 * Operations on the user that the application acts for.
 *
 * Sources: https://learn.microsoft.com/graph/api/user-get, `user-list-memberof`, `user-list-transitivememberof` and
 * `directoryobject-getmembergroups`.
 */
export const meOperations: GraphOperation[] = [
  { call: "GET /me", query: ["$select"], handle: (call) => showUser(call, getSignedInUser(call)) },
  ...createMembershipOperations("/me", getSignedInUser),
  {
    call: "POST /me/getMemberGroups",
    status: 200,
    async handle(call) {
      const { securityEnabledOnly } = await readBody(call, getMemberGroupsSchema, rules);
      const groups = findTransitiveGroups(call.tenant, getSignedInUser(call).id);
      const value = groups
        .filter((group) => group.securityEnabled || !securityEnabledOnly)
        .map(({ id }) => id);
      return { "@odata.context": getContextUrl(call, "Collection(Edm.String)"), value };
    },
  },
];

/** Returns the user of a call to `/me`, which is only served with one. */
function getSignedInUser(call: GraphCall): User {
  return call.caller.user as User;
}
