import { findUser, groupsOf, transitiveGroupsOf } from "../../store/directory";
import { activeRoles } from "../../store/directory-roles";
import type { User } from "../../store/tenant";
import { type Call, idOf, type Operation } from "../call";
import { directoryObjects } from "../directory-objects";
import { denied, notFound } from "../errors";
import { collection, entity, PAGED } from "../query";
import { USER_SHOWN, userWire } from "./user-wire";

/**
 * Sources: https://learn.microsoft.com/graph/api/user-list, `user-get`, `user-list-memberof` and
 * `user-list-transitivememberof`.
 */
export const userOperations: Operation[] = [
  {
    call: "GET /users",
    query: ["$filter", ...PAGED],
    handle(call) {
      const wires = [...call.tenant.users.values()].map(userWire);
      const prefix = ["displayName", "givenName", "mail", "surname", "userPrincipalName"];
      const equal = [...prefix, "accountEnabled", "employeeId", "id", "mailNickname", "userType"];
      return {
        status: 200,
        body: collection(call, "users", wires, { equal, prefix, shown: USER_SHOWN, paged: true }),
      };
    },
  },
  { call: "GET /users/{id}", query: ["$select"], handle: (call) => showUser(call, userOf(call)) },
  {
    // Nobody has one: https://learn.microsoft.com/graph/api/user-list-manager
    call: "GET /users/{id}/manager",
    handle(call) {
      userOf(call);
      throw notFound("manager");
    },
  },
  {
    call: "GET /users/{id}/memberOf",
    query: PAGED,
    handle: (call) => showMemberships(call, userOf(call), groupsOf),
  },
  {
    call: "GET /users/{id}/transitiveMemberOf",
    query: PAGED,
    handle: (call) => showMemberships(call, userOf(call), transitiveGroupsOf),
  },
];

export function showUser(call: Call, user: User) {
  return { status: 200 as const, body: entity(call, "users", userWire(user), USER_SHOWN) };
}

/** Groups and directory roles. Administrative units would be here too; the twin's tenants have none. */
export function showMemberships(call: Call, user: User, groupsOfUser: typeof groupsOf) {
  const { tenant } = call;
  const ids = [...groupsOfUser(tenant, user.id), ...activeRoles(tenant, user)].map(({ id }) => id);
  return { status: 200 as const, body: directoryObjects(call, ids, true) };
}

/** The user that the path names by id or user principal name; with `User.Read` alone that is the caller. */
function userOf(call: Call): User {
  const user = findUser(call.tenant, idOf(call));
  const ownOnly = call.allowedBy.every((permission) => /^User\.Read(Write)?$/.test(permission));
  if (ownOnly && user?.id !== call.caller.user?.id) throw denied();
  if (!user) throw notFound(idOf(call));
  return user;
}
