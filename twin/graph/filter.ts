import type { GraphCall, WireObject } from "./call";
import { badRequest, graphNotServed, malformedRequest } from "./errors";

/** The properties that `$filter` may use. */
export interface FilterRules {
  /** Properties that `$filter` compares with `eq`. */
  equal?: string[];
  /** Properties that `$filter` compares with `startswith`. */
  prefix?: string[];
  /** Lists of strings that `$filter` searches: `tags/any(t:t eq 'x')`. */
  any?: string[];
}

const CLAUSE =
  /\s*(?:(\w+)\s+eq\s+('(?:[^']|'')*'|true|false)|startswith\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)|(\w+)\/any\(\s*(\w+)\s*:\s*\6\s+eq\s+('(?:[^']|'')*')\))\s*(?:\band\b|$)/giy;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Compiles `$filter` with `eq`, `startswith` and `any`, joined by `and`, on the properties in the rules. The directory
 * compares text case-insensitively.
 *
 * Source: https://learn.microsoft.com/graph/filter-query-parameter
 */
export function compileFilter(call: GraphCall, rules: FilterRules): (wire: WireObject) => boolean {
  const text = call.c.req.query("$filter");
  if (text === undefined) return () => true;
  if (text === "") throw malformedRequest("Invalid filter clause: The $filter query option cannot be empty.");
  refuseUnescapedQuotes(text);
  const clause = new RegExp(CLAUSE);
  const conditions: ((wire: WireObject) => boolean)[] = [];
  while (clause.lastIndex < text.length) {
    const groups = clause.exec(text) ?? [];
    const [, equal = "", literal = "", prefix = "", start = "", list = "", , member = ""] = groups;
    if (rules.equal?.includes(equal)) conditions.push(compileEquals(equal, literal));
    else if (rules.prefix?.includes(prefix)) conditions.push(compileStartsWith(prefix, start));
    else if (rules.any?.includes(list)) conditions.push(compileAny(list, member));
    else throw graphNotServed(call.c.req, `$filter=${text}`);
  }
  return (wire) => conditions.every((condition) => condition(wire));
}

/** Refuses what follows a text that ends too early, because an apostrophe in it is not doubled: 'Owners' Club'. */
function refuseUnescapedQuotes(text: string): void {
  const [, before] = /^((?:[^']|'(?:[^']|'')*'(?=\s*(?:$|[),]|(?:and|or)\b)))*)/i.exec(text) ?? [];
  if (before === text) return;
  const position = (before ?? "").length;
  throw malformedRequest(`Invalid filter clause: Syntax error at position ${position} in '${text}'.`);
}

function compileEquals(property: string, literal: string) {
  const expected = /^(true|false)$/i.test(literal) ? literal.toLowerCase() === "true" : parseLiteral(literal);
  const isFlag = property.endsWith("Enabled");
  if (isFlag !== (typeof expected === "boolean")) {
    throw malformedRequest(
      `Invalid filter clause: A binary operator with incompatible types was detected for property '${property}'.`,
    );
  }
  if (property === "appId" && !GUID.test(String(expected))) {
    throw badRequest(`Invalid filter clause: Invalid value '${expected}' for property 'appId'.`);
  }
  return (wire: WireObject) => normalize(wire[property]) === expected;
}

function compileStartsWith(property: string, literal: string) {
  const expected = parseLiteral(literal);
  return (wire: WireObject) => String(normalize(wire[property]) ?? "").startsWith(expected);
}

function compileAny(property: string, literal: string) {
  const expected = parseLiteral(literal);
  return (wire: WireObject) => (wire[property] as unknown[]).some((member) => normalize(member) === expected);
}

const parseLiteral = (literal: string) => literal.slice(1, -1).replaceAll("''", "'").toLowerCase();

function normalize(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
