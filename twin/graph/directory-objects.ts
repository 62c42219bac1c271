import { type ActiveRole, listActiveRoles } from "../store/entra/directory-roles";
import type { EntraTenant } from "../store/entra/tenant";
import { findGrantedPermissions } from "./authorization";
import { type GraphCall, type GraphOperation, getPathId, type WireObject } from "./call";
import { graphNotServed, notFound } from "./errors";
import { toGroupWire } from "./groups/group-wire";
import { createLazyList, formatCollection, formatEntity } from "./query";
import { toServicePrincipalWire } from "./service-principals/service-principal-wire";
import { toUserMemberWire } from "./users/user-wire";

interface ObjectKind {
  type: string;
  /** The call whose permissions the caller needs to read more than type and id. */
  readCall: string;
  /** Tells if the tenant has an object of this kind with this id. */
  has(tenant: EntraTenant, id: string): boolean;
  toWire(tenant: EntraTenant, id: string): WireObject | undefined;
}

function createKind<T extends object>(
  type: string,
  readCall: string,
  find: (tenant: EntraTenant, id: string) => T | undefined,
  toWire: (object: T, tenant: EntraTenant) => WireObject,
): ObjectKind {
  return {
    type,
    readCall,
    has: (tenant, id) => find(tenant, id) !== undefined,
    toWire(tenant, id) {
      const object = find(tenant, id);
      return object && toWire(object, tenant);
    },
  };
}

const findRole = (tenant: EntraTenant, id: string) => listActiveRoles(tenant).find((role) => role.id === id);

const KINDS = [
  createKind("user", "GET /users", ({ users }, id) => users.get(id), toUserMemberWire),
  createKind("group", "GET /groups", ({ groups }, id) => groups.get(id), toGroupWire),
  createKind(
    "servicePrincipal",
    "GET /servicePrincipals",
    ({ servicePrincipals }, id) => servicePrincipals.get(id),
    (principal, tenant) => toServicePrincipalWire(tenant, principal),
  ),
  createKind("directoryRole", "GET /directoryRoles", findRole, toDirectoryRoleWire),
];

/** Finds the kind of an object, for example `user`; undefined when it does not exist. */
export function findObjectKind(tenant: EntraTenant, id: string): string | undefined {
  return KINDS.find(({ has }) => has(tenant, id))?.type;
}

/**
 * Formats a list of mixed types, each object with its type. Of types that the caller may not read, only type and id are
 * shown. Deleted objects are omitted.
 *
 * Source: https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
 */
export function formatDirectoryObjects(call: GraphCall, ids: string[], paged = false): WireObject {
  const readable = new Map<ObjectKind, boolean>();
  const objects = ids.flatMap((id) => {
    const kind = KINDS.find(({ has }) => has(call.tenant, id));
    return kind ? [{ kind, id }] : [];
  });
  const wires = createLazyList(objects, ({ kind, id }) => {
    const wire = kind.toWire(call.tenant, id) ?? {};
    if (!readable.has(kind))
      readable.set(kind, findGrantedPermissions(kind.readCall, call.caller).length > 0);
    return {
      "@odata.type": `#microsoft.graph.${kind.type}`,
      ...(readable.get(kind) ? wire : hideProperties(wire)),
    };
  });
  return formatCollection(call, "directoryObjects", wires, { equal: ["id"], isPaged: paged });
}

function hideProperties(wire: WireObject): WireObject {
  return Object.fromEntries(Object.keys(wire).map((name) => [name, name === "id" ? wire.id : null]));
}

/** https://learn.microsoft.com/graph/api/resources/directoryrole; the description is the twin's. */
function toDirectoryRoleWire(role: ActiveRole): WireObject {
  return { ...role, deletedDateTime: null, description: role.displayName };
}

/** https://learn.microsoft.com/graph/api/directoryobject-get */
export const directoryObjectOperations: GraphOperation[] = [
  {
    // https://learn.microsoft.com/graph/api/directoryrole-list
    call: "GET /directoryRoles",
    handle(call) {
      const wires = listActiveRoles(call.tenant).map(toDirectoryRoleWire);
      return formatCollection(call, "directoryRoles", wires);
    },
  },
  {
    call: "GET /directoryObjects/{id}",
    handle(call) {
      const id = getPathId(call).toLowerCase();
      for (const kind of KINDS) {
        const wire = kind.toWire(call.tenant, id);
        const typed = { "@odata.type": `#microsoft.graph.${kind.type}`, ...wire };
        if (wire) return formatEntity(call, "directoryObjects", typed);
      }
      if (call.tenant.applications.has(id)) throw graphNotServed(call.c.req, "an application");
      throw notFound(getPathId(call));
    },
  },
];
