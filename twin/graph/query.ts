import { type Call, idOf } from "./call";
import { badRequest, malformed, notServed } from "./errors";

type Wire = Record<string, unknown>;

/** Graph's page size for directory objects: https://learn.microsoft.com/graph/paging */
const PAGE = 100;

/** Refuses query options that the operation does not take. */
export function checkQuery(call: Call, served: string[]): void {
  for (const option of Object.keys(call.c.req.queries())) {
    if (!served.includes(option))
      throw notServed(call.c.req.method, call.c.req.path, `query option ${option}`);
  }
}

/** The URL under which a type is described, the `@odata.context` of every answer. */
export function contextOf(call: Call, type: string): string {
  return `${call.store.microsoftOrigin}/${call.version}/$metadata#${type}`;
}

/**
 * One object as an answer, with `$select`.
 *
 * @param type set and kind, for example `applications`
 */
export function entity(call: Call, type: string, wire: Wire): Wire {
  return { "@odata.context": contextOf(call, `${type}/$entity`), ...select(call, wire) };
}

/** A list as an answer, with `$filter` and `$select`. */
export function collection(call: Call, type: string, wires: Wire[], filterable: string[] = []): Wire {
  const value = filter(call, wires, filterable).map((wire) => select(call, wire));
  if (value.length > PAGE) throw notServed(call.c.req.method, call.c.req.path, "more than one page");
  return { "@odata.context": contextOf(call, type), value };
}

function select(call: Call, wire: Wire): Wire {
  const names = call.c.req
    .query("$select")
    ?.split(",")
    .map((name) => name.trim());
  if (!names) return wire;
  const unknown = names.find((name) => !(name in wire));
  if (unknown) {
    // A list cannot tell a wrong name from one that the twin leaves out, so only names it knows are judged.
    throw notServed(call.c.req.method, call.c.req.path, `$select=${unknown}`);
  }
  return Object.fromEntries(["id", ...names].map((name) => [name, wire[name]]));
}

/** Equality comparisons of strings, joined by `and`: `appId eq '…' and displayName eq '…'`. */
function filter(call: Call, wires: Wire[], filterable: string[]): Wire[] {
  const text = call.c.req.query("$filter");
  if (text === undefined) return wires;
  if (text === "") throw malformed("Invalid filter clause: The $filter query option cannot be empty.");
  const clause = /\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*(?:\band\b|$)/giy;
  const wanted: [property: string, value: string][] = [];
  while (clause.lastIndex < text.length) {
    const match = clause.exec(text);
    const property = match?.[1];
    if (!property || !filterable.includes(property)) {
      throw notServed(call.c.req.method, call.c.req.path, `$filter=${text}`);
    }
    wanted.push([property, (match[2] ?? "").replaceAll("''", "'")]);
  }
  for (const [property, value] of wanted) {
    if (property === "appId" && !GUID.test(value)) {
      throw badRequest(`Invalid filter clause: Invalid value '${value}' for property 'appId'.`);
    }
  }
  // The directory compares text without regard to case.
  return wires.filter((wire) =>
    wanted.every(([property, value]) => String(wire[property]).toLowerCase() === value.toLowerCase()),
  );
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The object that the path's `{id}` names. @throws GraphError 404 */
export function find<T>(call: Call, objects: Map<string, T>, error: (id: string) => Error): T {
  const id = idOf(call);
  const found = objects.get(id.toLowerCase()) ?? objects.get(id);
  if (!found) throw error(id);
  return found;
}
