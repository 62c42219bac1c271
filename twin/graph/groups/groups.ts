import { groupsOf, transitiveMembersOf } from "../../directory";
import type { Group } from "../../stored";
import type { Operation } from "../app";
import type { Call } from "../call";
import { directoryObjects } from "../directory-objects";
import { notFound } from "../errors";
import { collection, entity, find, PAGED, type Wire } from "../query";
import { groupBetaWire, groupWire } from "./group-wire";

/**
 * Sources: https://learn.microsoft.com/graph/api/group-list, `group-get`, `group-list-members`,
 * `group-list-transitivemembers`, `group-list-memberof` and `group-list-owners`.
 */
const reading: Operation[] = [
  {
    call: "GET /groups",
    query: ["$filter", ...PAGED],
    handle(call) {
      const wires = [...call.tenant.groups.values()].map((group) => wireOf(call, group));
      const prefix = ["displayName", "mailNickname"];
      const equal = [...prefix, "id", "mailEnabled", "securityEnabled"];
      return { status: 200, body: collection(call, "groups", wires, { equal, prefix, paged: true }) };
    },
  },
  {
    call: "GET /groups/{id}",
    query: ["$select"],
    handle: (call) => ({ status: 200, body: entity(call, "groups", wireOf(call, groupAt(call))) }),
  },
  list("GET /groups/{id}/members", (_call, group) => group.members),
  list("GET /groups/{id}/transitiveMembers", (call, group) => transitiveMembersOf(call.tenant, group)),
  list("GET /groups/{id}/memberOf", (call, group) => groupsOf(call.tenant, group.id).map(({ id }) => id)),
  list("GET /groups/{id}/owners", (_call, group) => group.owners),
];

/** In both versions: the azuread provider asks beta for groups. */
export const groupOperations: Operation[] = reading.flatMap((operation) => [
  operation,
  { ...operation, version: "beta" as const },
]);

function list(call: string, ids: (call: Call, group: Group) => string[]): Operation {
  return {
    call,
    query: PAGED,
    handle: (call) => ({ status: 200, body: directoryObjects(call, ids(call, groupAt(call)), true) }),
  };
}

function groupAt(call: Call): Group {
  return find(call, call.tenant.groups, notFound);
}

function wireOf(call: Call, group: Group): Wire {
  return call.version === "beta" ? groupBetaWire(group) : groupWire(group);
}
