import { findGroupsOfMember, findTransitiveGroups, findUser } from "../../store/entra/directory";
import { listActiveRoles } from "../../store/entra/directory-roles";
import type { User } from "../../store/entra/tenant";
import { type GraphCall, type GraphOperation, getPathId } from "../call";
import { formatDirectoryObjects } from "../directory-objects";
import { accessDenied, notFound } from "../errors";
import { createLazyList, formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { DEFAULT_USER_PROPERTIES, toUserWire } from "./user-wire";

/**
 * Sources: https://learn.microsoft.com/graph/api/user-list, `user-get`, `user-list-memberof` and
 * `user-list-transitivememberof`.
 */
export const userOperations: GraphOperation[] = [
  {
    call: "GET /users",
    query: ["$filter", ...PAGING_OPTIONS],
    handle(call) {
      const wires = createLazyList([...call.tenant.users.values()], toUserWire);
      const prefix = ["displayName", "givenName", "mail", "surname", "userPrincipalName"];
      const equal = [...prefix, "accountEnabled", "employeeId", "id", "mailNickname", "userType"];
      return formatCollection(call, "users", wires, {
        equal,
        prefix,
        defaultProperties: DEFAULT_USER_PROPERTIES,
        isPaged: true,
      });
    },
  },
  { call: "GET /users/{id}", query: ["$select"], handle: (call) => showUser(call, findPathUser(call)) },
  {
    // No user of the twin has a manager: https://learn.microsoft.com/graph/api/user-list-manager
    call: "GET /users/{id}/manager",
    handle(call) {
      findPathUser(call);
      throw notFound("manager");
    },
  },
  ...createMembershipOperations("/users/{id}", findPathUser),
];

export function showUser(call: GraphCall, user: User) {
  return formatEntity(call, "users", toUserWire(user), DEFAULT_USER_PROPERTIES);
}

/** Creates the operations that list groups and directory roles of a user; the twin has no administrative units. */
export function createMembershipOperations(
  path: string,
  findUser: (call: GraphCall) => User,
): GraphOperation[] {
  const lists = { memberOf: findGroupsOfMember, transitiveMemberOf: findTransitiveGroups };
  return Object.entries(lists).map(([name, listGroups]) => ({
    call: `GET ${path}/${name}`,
    query: PAGING_OPTIONS,
    handle(call) {
      const user = findUser(call);
      const all = [...listGroups(call.tenant, user.id), ...listActiveRoles(call.tenant, user)];
      return formatDirectoryObjects(
        call,
        all.map(({ id }) => id),
        true,
      );
    },
  }));
}

/** Finds the user of the path by id or user principal name; with only `User.Read` it must be the caller. */
export function findPathUser(call: GraphCall): User {
  const user = findUser(call.tenant, getPathId(call));
  const ownOnly = call.allowedBy.every((permission) => /^User\.Read(Write)?$/.test(permission));
  if (ownOnly && user?.id !== call.caller.user?.id) throw accessDenied();
  if (!user) throw notFound(getPathId(call));
  return user;
}
