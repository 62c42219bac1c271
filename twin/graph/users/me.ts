import { z } from "zod";
import { groupsOf, transitiveGroupsOf } from "../../store/directory";
import type { User } from "../../store/tenant";
import { type BodyRules, type Call, type Operation, readBody } from "../call";
import { contextOf, PAGED } from "../query";
import { showMemberships, showUser } from "./users";

const which = z.strictObject({ securityEnabledOnly: z.boolean().default(false) });

const rules: BodyRules = { type: "getMemberGroups", readOnly: [], notJudged: [] };

/**
 * The user that the application acts for.
 *
 * Sources: https://learn.microsoft.com/graph/api/user-get, `user-list-memberof`, `user-list-transitivememberof` and
 * `directoryobject-getmembergroups`.
 */
export const meOperations: Operation[] = [
  { call: "GET /me", query: ["$select"], handle: (call) => showUser(call, me(call)) },
  {
    call: "GET /me/memberOf",
    query: PAGED,
    handle: (call) => showMemberships(call, me(call), groupsOf),
  },
  {
    call: "GET /me/transitiveMemberOf",
    query: PAGED,
    handle: (call) => showMemberships(call, me(call), transitiveGroupsOf),
  },
  {
    call: "POST /me/getMemberGroups",
    async handle(call) {
      const { securityEnabledOnly } = await readBody(call, which, rules);
      const groups = transitiveGroupsOf(call.tenant, me(call).id);
      const value = groups
        .filter((group) => group.securityEnabled || !securityEnabledOnly)
        .map(({ id }) => id);
      return { status: 200, body: { "@odata.context": contextOf(call, "Collection(Edm.String)"), value } };
    },
  },
];

/** `/me` is served for users alone, so there is one. */
function me(call: Call): User {
  return call.caller.user as User;
}
