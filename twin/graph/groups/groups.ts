import { randomUUID } from "node:crypto";
import { deleteGroup, groupsOf, transitiveMembersOf } from "../../store/directory";
import { wholeSeconds } from "../../store/store";
import type { Group } from "../../store/tenant";
import { type Call, type Operation, readBody } from "../call";
import { directoryObjects } from "../directory-objects";
import { badRequest, notFound } from "../errors";
import { collection, entity, find, PAGED, type Wire } from "../query";
import { bound, MEMBERS, OWNERS, referenceOperations } from "../references";
import { type GroupChange, groupChange, groupRules, newGroup } from "./group-body";
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

/**
 * Sources: https://learn.microsoft.com/graph/api/group-post-groups, `group-update`, `group-delete`, and
 * `group-delete-owners` for the last owner.
 */
const writing: Operation[] = [
  { call: "POST /groups", handle: create },
  {
    call: "PATCH /groups/{id}",
    async handle(call) {
      const group = groupAt(call);
      apply(group, await readBody(call, groupChange, groupRules));
      return { status: 204 };
    },
  },
  {
    call: "DELETE /groups/{id}",
    handle(call) {
      deleteGroup(call.tenant, groupAt(call));
      return { status: 204 };
    },
  },
  ...referenceOperations("/groups", MEMBERS, (call) => references(groupAt(call), "members")),
  ...referenceOperations("/groups", OWNERS, (call) => references(groupAt(call), "owners"), keepOwner),
];

/** In both versions: the azuread provider asks beta for groups. */
export const groupOperations: Operation[] = [...reading, ...writing].flatMap((operation) => [
  operation,
  { ...operation, version: "beta" as const },
]);

function list(call: string, ids: (call: Call, group: Group) => string[]): Operation {
  return {
    call,
    query: ["$filter", ...PAGED],
    handle: (call) => ({ status: 200, body: directoryObjects(call, ids(call, groupAt(call)), true) }),
  };
}

function groupAt(call: Call): Group {
  return find(call, call.tenant.groups, notFound);
}

function wireOf(call: Call, group: Group): Wire {
  return call.version === "beta" ? groupBetaWire(group) : groupWire(group);
}

/** A group that is made by an application has the owners it was given, and no other. */
async function create(call: Call) {
  const body = await readBody(call, newGroup, groupRules);
  const {
    "members@odata.bind": members = [],
    "owners@odata.bind": owners = [],
    isAssignableToRole,
    ...change
  } = body;
  const group: Group = {
    id: randomUUID(),
    displayName: body.displayName,
    description: null,
    mailNickname: body.mailNickname,
    securityEnabled: true,
    isAssignableToRole: isAssignableToRole ?? null,
    createdDateTime: wholeSeconds(call.store.now()),
    members: bound(call, MEMBERS, members),
    owners: bound(call, OWNERS, owners),
  };
  apply(group, change);
  call.tenant.groups.set(group.id, group);
  return { status: 201 as const, body: entity(call, "groups", wireOf(call, group)) };
}

/** Of the properties that a body may carry, these have more than one value that is judged. */
function apply(group: Group, { description, displayName, mailNickname }: GroupChange): void {
  if (description !== undefined) group.description = description;
  if (displayName !== undefined) group.displayName = displayName;
  if (mailNickname !== undefined) group.mailNickname = mailNickname;
}

function references(group: Group, property: "members" | "owners") {
  return {
    ids: group[property],
    set(ids: string[]) {
      group[property] = ids;
    },
  };
}

/** Once a group has owners, one stays. */
function keepOwner(_call: Call, left: string[]): void {
  if (left.length > 0) return;
  throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
}
