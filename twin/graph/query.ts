import { createHash } from "node:crypto";
import { type Call, idOf } from "./call";
import { expiredPage, malformed, notServed, unsupportedQuery } from "./errors";
import { matches } from "./filter";

export type Wire = Record<string, unknown>;

/** Graph's page size for directory objects when `$top` does not say: https://learn.microsoft.com/graph/paging */
const PAGE = 100;

/** The largest `$top` for directory objects: https://learn.microsoft.com/graph/api/user-list */
const LARGEST_PAGE = 999;

/** Query options of a list that comes in pages. */
export const PAGED = ["$count", "$select", "$skiptoken", "$top"];

/** How a list may be asked for. */
export interface ListRules {
  /** Properties that `$filter` compares with `eq`. */
  equal?: string[];
  /** Properties that `$filter` compares with `startswith`. */
  prefix?: string[];
  /** Lists of texts that `$filter` looks into: `tags/any(t:t eq 'x')`. */
  any?: string[];
  /** Whether `$filter` was followed before. */
  filtered?: boolean;
  /** Properties without `$select`. Default: all. */
  shown?: readonly string[];
  /** Whether what does not fit on one page comes on the next; otherwise it is a 501. */
  paged?: boolean;
}

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
 * @param shown properties without `$select`. Default: all
 */
export function entity(call: Call, type: string, wire: Wire, shown?: readonly string[]): Wire {
  return { "@odata.context": contextOf(call, `${type}/$entity`), ...select(call, wire, shown) };
}

/** A list as an answer, with `$filter`, `$select`, `$count` and pages. */
export function collection(call: Call, type: string, wires: Wire[], rules: ListRules = {}): Wire {
  const filtered = rules.filtered ? wires : wires.filter(matches(call, rules));
  const { start, end } = page(call, filtered.length, rules);
  const value = filtered.slice(start, end).map((wire) => select(call, wire, rules.shown));
  return {
    "@odata.context": contextOf(call, type),
    ...(counted(call) ? { "@odata.count": filtered.length } : {}),
    ...(end < filtered.length ? { "@odata.nextLink": nextLink(call, end) } : {}),
    value,
  };
}

function select(call: Call, wire: Wire, shown?: readonly string[]): Wire {
  const names = call.c.req
    .query("$select")
    ?.split(",")
    .map((name) => name.trim());
  if (!names) return shown ? pick(wire, ["@odata.type", ...shown]) : wire;
  const unknown = names.find((name) => !(name in wire));
  if (unknown) {
    // A list cannot tell a wrong name from one that the twin leaves out, so only names it knows are judged.
    throw notServed(call.c.req.method, call.c.req.path, `$select=${unknown}`);
  }
  return pick(wire, ["@odata.type", ...(shown ? [] : ["id"]), ...names]);
}

function pick(wire: Wire, names: string[]): Wire {
  return Object.fromEntries(names.filter((name) => name in wire).map((name) => [name, wire[name]]));
}

/** `$count` needs `ConsistencyLevel: eventual`: https://learn.microsoft.com/graph/aad-advanced-queries */
function counted(call: Call): boolean {
  const { req } = call.c;
  const wanted = req.query("$count")?.toLowerCase();
  if (wanted === undefined || wanted === "false") return false;
  if (wanted !== "true") throw malformed(`Invalid value '${wanted}' for $count query option found.`);
  if (req.header("consistencylevel")?.toLowerCase() !== "eventual") {
    throw notServed(req.method, req.path, "$count without ConsistencyLevel: eventual");
  }
  return true;
}

/** Which of `length` objects the answer holds. */
function page(call: Call, length: number, rules: ListRules): { start: number; end: number } {
  const { req } = call.c;
  if (!rules.paged) {
    if (length > PAGE) throw notServed(req.method, req.path, "more than one page");
    return { start: 0, end: length };
  }
  const top = req.query("$top");
  if (top !== undefined && !/^\d+$/.test(top)) {
    throw malformed(
      `Invalid value '${top}' for $top query option found. The $top query option requires a non-negative integer value.`,
    );
  }
  const size = Number(top ?? PAGE);
  if (size < 1 || size > LARGEST_PAGE) {
    throw unsupportedQuery(
      `Invalid page size specified: '${top}'. Must be between 1 and ${LARGEST_PAGE} inclusive.`,
    );
  }
  const token = req.query("$skiptoken");
  const start = token === undefined ? 0 : startOf(call, token);
  return { start, end: Math.min(start + size, length) };
}

function nextLink(call: Call, start: number): string {
  const { req } = call.c;
  const options = Object.entries({ ...req.query(), $skiptoken: `${sealOf(call)}${start.toString(36)}` });
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `${call.store.microsoftOrigin}${new URL(req.url).pathname}?${query}`;
}

/** A token holds for the tenant, list and filter that it was given out for. */
function sealOf(call: Call): string {
  const { req } = call.c;
  const list = [call.tenant.id, new URL(req.url).pathname, req.query("$filter") ?? ""].join("\n");
  return createHash("sha256").update(list).digest("base64url").slice(0, 24);
}

function startOf(call: Call, token: string): number {
  const start = Number.parseInt(token.slice(24), 36);
  if (token.slice(0, 24) !== sealOf(call) || Number.isNaN(start)) throw expiredPage();
  return start;
}

/** The object that the path's `{id}` names. @throws GraphError 404 */
export function find<T>(call: Call, objects: Map<string, T>, error: (id: string) => Error): T {
  const id = idOf(call);
  const found = objects.get(id.toLowerCase()) ?? objects.get(id);
  if (!found) throw error(id);
  return found;
}
