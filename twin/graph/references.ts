import { z } from "zod";
import { type BodyRules, type Call, type Operation, readBody } from "./call";
import { kindOf } from "./directory-objects";
import { badRequest, noReference, notFound, notServed } from "./errors";

/** A property of an object that refers to other objects. */
export interface Reference {
  property: "owners" | "members";
  /** Kinds of objects it may refer to. */
  kinds: string[];
  /** Sets, beside `directoryObjects`, in whose URLs those objects may be named. */
  sets: string[];
}

/** Users and service principals own things. */
export const OWNERS: Reference = {
  property: "owners",
  kinds: ["user", "servicePrincipal"],
  sets: ["users", "servicePrincipals"],
};

/** What a security group may contain. */
export const MEMBERS: Reference = {
  property: "members",
  kinds: ["user", "servicePrincipal", "group"],
  sets: ["users", "servicePrincipals", "groups"],
};

/**
 * The calls that add and remove references one by one.
 *
 * Sources: https://learn.microsoft.com/graph/api/application-post-owners, `application-delete-owners`,
 * `group-post-members`, `group-delete-members` and the same of the other kinds; who is there already (400) and who is
 * not (404) as for members of a group.
 *
 * @param path of the kind, for example `/applications`
 * @param references ids in the object that the path names, once the caller may change it
 * @param checkRemoval refuses a removal that the kind does not allow; `left` is who stays
 */
export function referenceOperations(
  path: string,
  reference: Reference,
  references: (call: Call) => { ids: string[]; set(ids: string[]): void },
  checkRemoval: (call: Call, left: string[]) => void = () => {},
): Operation[] {
  const { property } = reference;
  const parameter = `${property.slice(0, -1)}Id`;
  return [
    {
      call: `POST ${path}/{id}/${property}/$ref`,
      async handle(call) {
        const { ids, set } = references(call);
        const { "@odata.id": url } = await readBody(call, newReference, rules);
        const id = referenceAt(call, reference, url, "Invalid URL format specified in payload.", notFound);
        if (ids.includes(id)) throw already(property);
        set([...ids, id]);
        return { status: 204 };
      },
    },
    {
      call: `DELETE ${path}/{id}/${property}/{${parameter}}/$ref`,
      handle(call) {
        const { ids, set } = references(call);
        const id = call.c.req.param(parameter) ?? "";
        // A deleted object is none any more.
        const there = ids.filter((other) => reference.kinds.includes(kindOf(call.tenant, other) ?? ""));
        if (!there.includes(id.toLowerCase())) throw notFound(id);
        const left = there.filter((other) => other !== id.toLowerCase());
        checkRemoval(call, left);
        set(left);
        return { status: 204 };
      },
    },
  ];
}

const newReference = z.strictObject({ "@odata.id": z.string() });

const rules: BodyRules = { type: "ReferenceCreate", readOnly: [], notJudged: ["@odata.type"] };

const already = (property: string) =>
  badRequest(
    `One or more added object references already exist for the following modified properties: '${property}'.`,
  );

/**
 * The objects that a body binds, by `owners@odata.bind` or `members@odata.bind`.
 *
 * @throws GraphError 400 for what is no reference, and for an object the tenant does not have
 */
export function bound(call: Call, reference: Reference, urls: string[]): string[] {
  const { property } = reference;
  const ids = urls.map((url) => {
    const malformed = `Invalid URL format specified in @odata.bind for ${property}: ${url}.`;
    return referenceAt(call, reference, url, malformed, noReference);
  });
  if (new Set(ids).size < ids.length) throw already(property);
  return ids;
}

function referenceAt(
  call: Call,
  reference: Reference,
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
    throw notServed(call.c.req.method, call.c.req.path, `a reference to ${origin}`);
  }
  const kind = call.tenant.applications.has(id) ? "application" : kindOf(call.tenant, id);
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
