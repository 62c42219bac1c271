import { randomUUID } from "node:crypto";
import { deleteGroup, findGroupsOfMember, listTransitiveMembers } from "../../store/entra/directory";
import type { Group } from "../../store/entra/tenant";
import { formatTimestamp } from "../../store/store";
import { findByPath, type GraphCall, type GraphOperation, readBody, type WireObject } from "../call";
import { formatDirectoryObjects } from "../directory-objects";
import { badRequest } from "../errors";
import { formatCollection, formatEntity, PAGING_OPTIONS } from "../query";
import { createReferenceOperations, MEMBERS, OWNERS, resolveBoundReferences } from "../references";
import { type GroupChange, groupBodyRules, groupChangeSchema, newGroupSchema } from "./group-body";
import { toGroupBetaWire, toGroupWire } from "./group-wire";

/**
 * Sources: https://learn.microsoft.com/graph/api/group-list, `group-get`, `group-list-members`,
 * `group-list-transitivemembers`, `group-list-memberof` and `group-list-owners`.
 */
const readOperations: GraphOperation[] = [
  {
    call: "GET /groups",
    query: ["$filter", ...PAGING_OPTIONS],
    handle(call) {
      const wires = [...call.tenant.groups.values()].map((group) => toWire(call, group));
      const prefix = ["displayName", "mailNickname"];
      const equal = [...prefix, "id", "mailEnabled", "securityEnabled"];
      return formatCollection(call, "groups", wires, { equal, prefix, isPaged: true });
    },
  },
  {
    call: "GET /groups/{id}",
    query: ["$select"],
    handle: (call) => formatEntity(call, "groups", toWire(call, findGroup(call))),
  },
  defineList("GET /groups/{id}/members", (_call, group) => group.members),
  defineList("GET /groups/{id}/transitiveMembers", (call, group) =>
    listTransitiveMembers(call.tenant, group),
  ),
  defineList("GET /groups/{id}/memberOf", (call, group) =>
    findGroupsOfMember(call.tenant, group.id).map(({ id }) => id),
  ),
  defineList("GET /groups/{id}/owners", (_call, group) => group.owners),
];

/**
 * Sources: https://learn.microsoft.com/graph/api/group-post-groups, `group-update`, `group-delete`, and
 * `group-delete-owners` for the last owner.
 */
const writeOperations: GraphOperation[] = [
  { call: "POST /groups", handle: createGroup },
  {
    call: "PATCH /groups/{id}",
    async handle(call) {
      const group = findGroup(call);
      applyChange(group, await readBody(call, groupChangeSchema, groupBodyRules));
      return null;
    },
  },
  {
    call: "DELETE /groups/{id}",
    handle(call) {
      deleteGroup(call.tenant, findGroup(call));
      return null;
    },
  },
  ...createReferenceOperations("/groups", MEMBERS, (call) => createReferences(findGroup(call), "members")),
  ...createReferenceOperations(
    "/groups",
    OWNERS,
    (call) => createReferences(findGroup(call), "owners"),
    refuseLastOwner,
  ),
];

/** The operations in both versions, since the azuread provider uses beta for groups. */
export const groupOperations: GraphOperation[] = [...readOperations, ...writeOperations].flatMap(
  (operation) => [operation, { ...operation, version: "beta" as const }],
);

function defineList(call: string, ids: (call: GraphCall, group: Group) => string[]): GraphOperation {
  return {
    call,
    query: ["$filter", ...PAGING_OPTIONS],
    handle: (call) => formatDirectoryObjects(call, ids(call, findGroup(call)), true),
  };
}

const findGroup = (call: GraphCall) => findByPath(call, call.tenant.groups);

function toWire(call: GraphCall, group: Group): WireObject {
  return call.version === "beta" ? toGroupBetaWire(group) : toGroupWire(group);
}

/** Creates a group. The application that creates it does not become an owner. */
async function createGroup(call: GraphCall) {
  const body = await readBody(call, newGroupSchema, groupBodyRules);
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
    createdDateTime: formatTimestamp(call.store.now()),
    members: resolveBoundReferences(call, MEMBERS, members),
    owners: resolveBoundReferences(call, OWNERS, owners),
  };
  applyChange(group, change);
  call.tenant.groups.set(group.id, group);
  return formatEntity(call, "groups", toWire(call, group));
}

/** Applies the properties that have more than one served value. */
function applyChange(group: Group, { description, displayName, mailNickname }: GroupChange): void {
  if (description !== undefined) group.description = description;
  if (displayName !== undefined) group.displayName = displayName;
  if (mailNickname !== undefined) group.mailNickname = mailNickname;
}

function createReferences(group: Group, property: "members" | "owners") {
  return {
    ids: group[property],
    set(ids: string[]) {
      group[property] = ids;
    },
  };
}

/** Refuses to remove the last owner of a group. */
function refuseLastOwner(_call: GraphCall, left: string[]): void {
  if (left.length > 0) return;
  throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
}
