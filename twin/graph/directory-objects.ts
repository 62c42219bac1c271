import { type ActiveRole, activeRoles } from "../store/directory-roles";
import type { Tenant } from "../store/tenant";
import { grantedOf } from "./authorization";
import { type Call, idOf, type Operation } from "./call";
import { notFound, notServed } from "./errors";
import { groupWire } from "./groups/group-wire";
import { collection, entity, type Wire } from "./query";
import { servicePrincipalWire } from "./service-principals/service-principal-wire";
import { userMemberWire } from "./users/user-wire";

interface Kind {
  type: string;
  /** The call whose permissions let the caller see more than type and id. */
  reading: string;
  wire(tenant: Tenant, id: string): Wire | undefined;
}

const KINDS: Kind[] = [
  {
    type: "user",
    reading: "GET /users",
    wire(tenant, id) {
      const user = tenant.users.get(id);
      return user && userMemberWire(user);
    },
  },
  {
    type: "group",
    reading: "GET /groups",
    wire(tenant, id) {
      const group = tenant.groups.get(id);
      return group && groupWire(group);
    },
  },
  {
    type: "servicePrincipal",
    reading: "GET /servicePrincipals",
    wire(tenant, id) {
      const principal = tenant.servicePrincipals.get(id);
      return principal && servicePrincipalWire(tenant, principal);
    },
  },
  {
    type: "directoryRole",
    reading: "GET /directoryRoles",
    wire(tenant, id) {
      const role = activeRoles(tenant).find((active) => active.id === id);
      return role && directoryRoleWire(role);
    },
  },
];

/** Kind of the object, for example `user`; undefined when the tenant does not have it. */
export function kindOf(tenant: Tenant, id: string): string | undefined {
  return KINDS.find((kind) => kind.wire(tenant, id))?.type;
}

/**
 * A list of mixed types: every object says its own. Of a type that the caller may not read, only type and id are told.
 * Deleted objects are left out.
 *
 * Source: https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
 */
export function directoryObjects(call: Call, ids: string[], paged = false): Wire {
  const readable = new Map<Kind, boolean>();
  const wires = ids.flatMap((id) => {
    for (const kind of KINDS) {
      const wire = kind.wire(call.tenant, id);
      if (!wire) continue;
      if (!readable.has(kind)) readable.set(kind, grantedOf(kind.reading, call.caller).length > 0);
      return [
        { "@odata.type": `#microsoft.graph.${kind.type}`, ...(readable.get(kind) ? wire : hidden(wire)) },
      ];
    }
    return [];
  });
  return collection(call, "directoryObjects", wires, { equal: ["id"], paged });
}

function hidden(wire: Wire): Wire {
  return Object.fromEntries(Object.keys(wire).map((name) => [name, name === "id" ? wire.id : null]));
}

/** https://learn.microsoft.com/graph/api/resources/directoryrole; the description is the twin's. */
function directoryRoleWire(role: ActiveRole): Wire {
  return { ...role, deletedDateTime: null, description: role.displayName };
}

/** https://learn.microsoft.com/graph/api/directoryobject-get */
export const directoryObjectOperations: Operation[] = [
  {
    // https://learn.microsoft.com/graph/api/directoryrole-list
    call: "GET /directoryRoles",
    handle(call) {
      const wires = activeRoles(call.tenant).map(directoryRoleWire);
      return { status: 200, body: collection(call, "directoryRoles", wires) };
    },
  },
  {
    call: "GET /directoryObjects/{id}",
    handle(call) {
      const id = idOf(call).toLowerCase();
      for (const kind of KINDS) {
        const wire = kind.wire(call.tenant, id);
        const typed = { "@odata.type": `#microsoft.graph.${kind.type}`, ...wire };
        if (wire) return { status: 200, body: entity(call, "directoryObjects", typed) };
      }
      if (call.tenant.applications.has(id)) throw notServed("GET", call.c.req.path, "an application");
      throw notFound(idOf(call));
    },
  },
];
