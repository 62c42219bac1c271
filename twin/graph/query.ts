import { createHash } from "node:crypto";
import type { GraphCall, WireObject } from "./call";
import { expiredPage, graphNotServed, malformedRequest, unsupportedQuery } from "./errors";
import { compileFilter, type FilterRules } from "./filter";

/** Graph's default page size for directory objects: https://learn.microsoft.com/graph/paging */
const PAGE_SIZE = 100;

/** The largest `$top` for directory objects: https://learn.microsoft.com/graph/api/user-list */
const MAX_PAGE_SIZE = 999;

/** Query options of a paged list. */
export const PAGING_OPTIONS = ["$count", "$select", "$skiptoken", "$top"];

/** The query options that a list serves. */
export interface ListRules extends FilterRules {
  /** True if `$filter` has been applied already. */
  isFiltered?: boolean;
  /** Properties without `$select`. Default: all. */
  defaultProperties?: readonly string[];
  /** Serves further pages; otherwise a list that exceeds a page is answered 501. */
  isPaged?: boolean;
}

/** Refuses query options that the operation does not serve. */
export function refuseUnservedOptions(call: GraphCall, served: string[]): void {
  for (const option of Object.keys(call.c.req.queries())) {
    if (!served.includes(option)) throw graphNotServed(call.c.req, `query option ${option}`);
  }
}

/** Returns the URL that describes a type, the `@odata.context` of answers. */
export function getContextUrl(call: GraphCall, type: string): string {
  return `${call.store.microsoftOrigin}/${call.version}/$metadata#${type}`;
}

/**
 * Formats an object as an answer, with `$select`.
 *
 * @param type set and kind, for example `applications`
 * @param defaultProperties properties without `$select`. Default: all
 */
export function formatEntity(
  call: GraphCall,
  type: string,
  wire: WireObject,
  defaultProperties?: readonly string[],
): WireObject {
  return {
    "@odata.context": getContextUrl(call, `${type}/$entity`),
    ...select(call, wire, defaultProperties),
  };
}

/** A long list whose objects are only formatted for the page that is shown. */
export interface LazyList {
  readonly length: number;
  format(start: number, end: number): WireObject[];
}

/** Creates a list that formats its objects on demand. */
export function createLazyList<T>(objects: readonly T[], toWire: (object: T) => WireObject): LazyList {
  return {
    length: objects.length,
    format: (start, end) => objects.slice(start, end).map((object) => toWire(object)),
  };
}

/** Formats a list as an answer, with `$filter`, `$select`, `$count` and paging. */
export function formatCollection(
  call: GraphCall,
  type: string,
  wires: WireObject[] | LazyList,
  rules: ListRules = {},
): WireObject {
  const list = Array.isArray(wires) ? createLazyList(wires, (wire) => wire) : wires;
  const isWhole = rules.isFiltered || call.c.req.query("$filter") === undefined;
  const filtered = isWhole
    ? list
    : createLazyList(list.format(0, list.length).filter(compileFilter(call, rules)), (wire) => wire);
  const { start, end } = choosePage(call, filtered.length, rules);
  const value = filtered.format(start, end).map((wire) => select(call, wire, rules.defaultProperties));
  return {
    "@odata.context": getContextUrl(call, type),
    ...(isCountRequested(call) ? { "@odata.count": filtered.length } : {}),
    ...(end < filtered.length ? { "@odata.nextLink": createNextLink(call, end) } : {}),
    value,
  };
}

function select(call: GraphCall, wire: WireObject, defaultProperties?: readonly string[]): WireObject {
  const names = call.c.req
    .query("$select")
    ?.split(",")
    .map((name) => name.trim());
  if (!names) return defaultProperties ? pick(wire, ["@odata.type", ...defaultProperties]) : wire;
  const unknown = names.find((name) => !(name in wire));
  if (unknown) {
    // The twin omits some properties, so it cannot tell if an unknown name is wrong.
    throw graphNotServed(call.c.req, `$select=${unknown}`);
  }
  return pick(wire, ["@odata.type", ...(defaultProperties ? [] : ["id"]), ...names]);
}

function pick(wire: WireObject, names: string[]): WireObject {
  return Object.fromEntries(names.filter((name) => name in wire).map((name) => [name, wire[name]]));
}

/** Tells if `$count` is requested, which requires `ConsistencyLevel: eventual`: https://learn.microsoft.com/graph/aad-advanced-queries */
function isCountRequested(call: GraphCall): boolean {
  const { req } = call.c;
  const value = req.query("$count")?.toLowerCase();
  if (value === undefined || value === "false") return false;
  if (value !== "true") throw malformedRequest(`Invalid value '${value}' for $count query option found.`);
  if (req.header("consistencylevel")?.toLowerCase() !== "eventual") {
    throw graphNotServed(req, "$count without ConsistencyLevel: eventual");
  }
  return true;
}

/** Chooses the range of `length` objects that is on the requested page. */
function choosePage(call: GraphCall, length: number, rules: ListRules): { start: number; end: number } {
  const { req } = call.c;
  if (!rules.isPaged) {
    if (length > PAGE_SIZE) throw graphNotServed(req, "more than one page");
    return { start: 0, end: length };
  }
  const top = req.query("$top");
  if (top !== undefined && !/^\d+$/.test(top)) {
    throw malformedRequest(
      `Invalid value '${top}' for $top query option found. The $top query option requires a non-negative integer value.`,
    );
  }
  const size = Number(top ?? PAGE_SIZE);
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw unsupportedQuery(
      `Invalid page size specified: '${top}'. Must be between 1 and ${MAX_PAGE_SIZE} inclusive.`,
    );
  }
  const token = req.query("$skiptoken");
  const start = token === undefined ? 0 : parseSkipToken(call, token);
  return { start, end: Math.min(start + size, length) };
}

function createNextLink(call: GraphCall, start: number): string {
  const { req } = call.c;
  const options = Object.entries({ ...req.query(), $skiptoken: `${createSeal(call)}${start.toString(36)}` });
  const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `${call.store.microsoftOrigin}${new URL(req.url).pathname}?${query}`;
}

/** Creates the part of a skip token that ties it to tenant, list and filter. */
function createSeal(call: GraphCall): string {
  const { req } = call.c;
  const list = [call.tenant.id, new URL(req.url).pathname, req.query("$filter") ?? ""].join("\n");
  return createHash("sha256").update(list).digest("base64url").slice(0, 24);
}

function parseSkipToken(call: GraphCall, token: string): number {
  const start = Number.parseInt(token.slice(24), 36);
  if (token.slice(0, 24) !== createSeal(call) || Number.isNaN(start)) throw expiredPage();
  return start;
}
