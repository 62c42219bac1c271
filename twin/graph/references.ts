import { z } from "zod";
import { type BodyRules, type GraphCall, type GraphOperation, readBody } from "./call";
import { findObjectKind } from "./directory-objects";
import { badRequest, graphNotServed, missingReference, notFound } from "./errors";

/** A property that refers to other objects. */
export interface ReferenceProperty {
  property: "owners" | "members";
  /** Allowed kinds of objects. */
  kinds: string[];
  /** Entity sets, besides `directoryObjects`, that URLs of these objects may use. */
  sets: string[];
}

/** The owners of an object. */
export const OWNERS: ReferenceProperty = {
  property: "owners",
  kinds: ["user", "servicePrincipal"],
  sets: ["users", "servicePrincipals"],
};

/** The members of a security group. */
export const MEMBERS: ReferenceProperty = {
  property: "members",
  kinds: ["user", "servicePrincipal", "group"],
  sets: ["users", "servicePrincipals", "groups"],
};

/**
 * Creates the operations that add and remove single references.
 *
 * Sources: https://learn.microsoft.com/graph/api/application-post-owners, `application-delete-owners`,
 * `group-post-members`, `group-delete-members` and those of other kinds; existing references (400) and missing ones (404)
 * as for members of a group.
 *
 * @param path of the kind, for example `/applications`
 * @param references accesses the ids in the object of the path, if the caller may change it
 * @param checkRemoval refuses a removal that the kind does not allow; `left` are the remaining ids
 */
export function createReferenceOperations(
  path: string,
  reference: ReferenceProperty,
  references: (call: GraphCall) => { ids: string[]; set(ids: string[]): void },
  checkRemoval: (call: GraphCall, left: string[]) => void = () => {},
): GraphOperation[] {
  const { property } = reference;
  const parameter = `${property.slice(0, -1)}Id`;
  return [
    {
      call: `POST ${path}/{id}/${property}/$ref`,
      async handle(call) {
        const { ids, set } = references(call);
        const { "@odata.id": url } = await readBody(call, newReference, rules);
        const id = resolveReference(
          call,
          reference,
          url,
          "Invalid URL format specified in payload.",
          notFound,
        );
        if (ids.includes(id)) throw duplicateReference(property);
        set([...ids, id]);
        return null;
      },
    },
    {
      call: `DELETE ${path}/{id}/${property}/{${parameter}}/$ref`,
      handle(call) {
        const { ids, set } = references(call);
        const id = call.c.req.param(parameter) ?? "";
        // References to deleted objects do not count.
        const existing = ids.filter((other) =>
          reference.kinds.includes(findObjectKind(call.tenant, other) ?? ""),
        );
        if (!existing.includes(id.toLowerCase())) throw notFound(id);
        const left = existing.filter((other) => other !== id.toLowerCase());
        checkRemoval(call, left);
        set(left);
        return null;
      },
    },
  ];
}

const newReference = z.strictObject({ "@odata.id": z.string() });

const rules: BodyRules = { type: "ReferenceCreate", readOnly: [], notServed: ["@odata.type"] };

const duplicateReference = (property: string) =>
  badRequest(
    `One or more added object references already exist for the following modified properties: '${property}'.`,
  );

/**
 * Resolves the objects that a body binds with `owners@odata.bind` or `members@odata.bind`.
 *
 * @throws GraphError 400 for an invalid reference, and for an object that does not exist
 */
export function resolveBoundReferences(
  call: GraphCall,
  reference: ReferenceProperty,
  urls: string[],
): string[] {
  const { property } = reference;
  const ids = urls.map((url) => {
    const malformed = `Invalid URL format specified in @odata.bind for ${property}: ${url}.`;
    return resolveReference(call, reference, url, malformed, missingReference);
  });
  if (new Set(ids).size < ids.length) throw duplicateReference(property);
  return ids;
}

function resolveReference(
  call: GraphCall,
  reference: ReferenceProperty,
  url: string,
  malformed: string,
  missing: (id: string) => Error,
): string {
  const [, origin = "", set = "", object = ""] = URL_OF_OBJECT.exec(url) ?? [];
  const id = object.toLowerCase();
  if (
    !id ||
    !["directoryObjects", ...reference.sets].some((name) => name.toLowerCase() === set.toLowerCase())
  ) {
    throw badRequest(malformed);
  }
  if (![call.store.microsoftOrigin, "https://graph.microsoft.com"].includes(origin)) {
    throw graphNotServed(call.c.req, `a reference to ${origin}`);
  }
  const kind = call.tenant.applications.has(id) ? "application" : findObjectKind(call.tenant, id);
  if (!kind) throw missing(id);
  if (!reference.kinds.includes(kind)) {
    const type = kind.replace(/^./, (first) => first.toUpperCase());
    const target = `'${type}_${id}' of type '${type}'`;
    throw badRequest(`The reference target ${target} is invalid for the '${reference.property}' reference.`);
  }
  return id;
}

const URL_OF_OBJECT =
  /^(https?:\/\/[^/]+)\/(?:v1\.0|beta)\/(\w+)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
