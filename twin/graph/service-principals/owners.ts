import { z } from "zod";
import type { Operation } from "../app";
import { type BodyRules, type Call, readBody } from "../call";
import { directoryObjects, kindOf } from "../directory-objects";
import { badRequest, noReference, notFound, notServed } from "../errors";

/** An application or a service principal. */
interface Owned {
  owners: string[];
}

/**
 * The calls on the owners of one kind of object. Nothing keeps the last owner: Microsoft recommends two and demands
 * none, unlike for groups.
 *
 * Sources: https://learn.microsoft.com/graph/api/application-post-owners, `application-delete-owners` and the same
 * of `serviceprincipal`; who is an owner already (400) and who is not there (404) as for members of a group,
 * https://learn.microsoft.com/graph/api/group-post-members.
 *
 * @param path of the kind, for example `/applications`
 * @param object the object that the path names
 * @param changeable the same, once the caller may change it
 */
export function ownerOperations(
  path: string,
  object: (call: Call) => Owned,
  changeable: (call: Call) => Owned,
): Operation[] {
  return [
    {
      call: `GET ${path}/{id}/owners`,
      handle(call) {
        return { status: 200, body: directoryObjects(call, object(call).owners) };
      },
    },
    {
      call: `POST ${path}/{id}/owners/$ref`,
      async handle(call) {
        const { owners } = changeable(call);
        const { "@odata.id": url } = await readBody(call, newReference, rules);
        const id = ownerAt(call, url, "Invalid URL format specified in payload.", notFound);
        if (owners.includes(id)) throw badRequest(ALREADY);
        owners.push(id);
        return { status: 204 };
      },
    },
    {
      call: `DELETE ${path}/{id}/owners/{ownerId}/$ref`,
      handle(call) {
        const owned = changeable(call);
        const id = call.c.req.param("ownerId") ?? "";
        const owners = owned.owners.filter((owner) => mayOwn(kindOf(call.tenant, owner)));
        if (!owners.includes(id.toLowerCase())) throw notFound(id);
        owned.owners = owners.filter((owner) => owner !== id.toLowerCase());
        return { status: 204 };
      },
    },
  ];
}

const newReference = z.strictObject({ "@odata.id": z.string() });

const rules: BodyRules = { type: "ReferenceCreate", readOnly: [], notJudged: ["@odata.type"] };

const ALREADY =
  "One or more added object references already exist for the following modified properties: 'owners'.";

/**
 * The owners that a body binds, by `owners@odata.bind`; the caller, when it binds none.
 *
 * Source: https://learn.microsoft.com/graph/permissions-reference, `Application.ReadWrite.OwnedBy`: who creates
 * an application owns it.
 *
 * @throws GraphError 400 for what is no reference, and for an object the tenant does not have
 */
export function boundOwners(call: Call, bound: string[] | undefined): string[] {
  if (!bound || bound.length === 0) return [call.caller.principal.id];
  const owners = bound.map((url) =>
    ownerAt(call, url, `Invalid URL format specified in @odata.bind for owners: ${url}.`, noReference),
  );
  if (new Set(owners).size < owners.length) throw badRequest(ALREADY);
  return owners;
}

/** Object id of the owner that a URL names: a user or a service principal. */
function ownerAt(call: Call, url: string, malformed: string, missing: (id: string) => Error): string {
  const [, origin = "", object = ""] = REFERENCE.exec(url) ?? [];
  const id = object.toLowerCase();
  if (!id) throw badRequest(malformed);
  if (![call.store.microsoftOrigin, "https://graph.microsoft.com"].includes(origin)) {
    throw notServed(call.c.req.method, call.c.req.path, `a reference to ${origin}`);
  }
  const kind = call.tenant.applications.has(id) ? "application" : kindOf(call.tenant, id);
  if (!kind) throw missing(id);
  if (!mayOwn(kind)) {
    const type = kind.replace(/^./, (first) => first.toUpperCase());
    const target = `'${type}_${id}' of type '${type}'`;
    throw badRequest(`The reference target ${target} is invalid for the 'owners' reference.`);
  }
  return id;
}

const REFERENCE =
  /^(https?:\/\/[^/]+)\/(?:v1\.0|beta)\/(?:directoryObjects|servicePrincipals|users)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** A deleted owner is none any more. */
const mayOwn = (kind: string | undefined) => kind === "user" || kind === "servicePrincipal";
