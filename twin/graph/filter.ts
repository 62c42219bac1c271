import type { Call } from "./call";
import { badRequest, malformed, notServed } from "./errors";
import type { ListRules, Wire } from "./query";

const CLAUSE =
  /\s*(?:(\w+)\s+eq\s+('(?:[^']|'')*'|true|false)|startswith\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)|(\w+)\/any\(\s*(\w+)\s*:\s*\6\s+eq\s+('(?:[^']|'')*')\))\s*(?:\band\b|$)/giy;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What `$filter` lets through: `eq`, `startswith` and `any`, joined by `and`, of the properties that the rules name. The
 * directory compares text without regard to case.
 *
 * Source: https://learn.microsoft.com/graph/filter-query-parameter
 */
export function matches(call: Call, rules: ListRules): (wire: Wire) => boolean {
  const text = call.c.req.query("$filter");
  if (text === undefined) return () => true;
  if (text === "") throw malformed("Invalid filter clause: The $filter query option cannot be empty.");
  const clause = new RegExp(CLAUSE);
  const conditions: ((wire: Wire) => boolean)[] = [];
  while (clause.lastIndex < text.length) {
    const found = clause.exec(text) ?? [];
    const [, equal = "", literal = "", prefix = "", start = "", list = "", , member = ""] = found;
    if (rules.equal?.includes(equal)) conditions.push(equals(equal, literal));
    else if (rules.prefix?.includes(prefix)) conditions.push(startsWith(prefix, start));
    else if (rules.any?.includes(list)) conditions.push(holds(list, member));
    else throw notServed(call.c.req.method, call.c.req.path, `$filter=${text}`);
  }
  return (wire) => conditions.every((condition) => condition(wire));
}

function equals(property: string, literal: string) {
  const wanted = /^(true|false)$/i.test(literal) ? literal.toLowerCase() === "true" : textOf(literal);
  const isFlag = property.endsWith("Enabled");
  if (isFlag !== (typeof wanted === "boolean")) {
    throw malformed(
      `Invalid filter clause: A binary operator with incompatible types was detected for property '${property}'.`,
    );
  }
  if (property === "appId" && !GUID.test(String(wanted))) {
    throw badRequest(`Invalid filter clause: Invalid value '${wanted}' for property 'appId'.`);
  }
  return (wire: Wire) => comparable(wire[property]) === wanted;
}

function startsWith(property: string, literal: string) {
  const wanted = textOf(literal);
  return (wire: Wire) => String(comparable(wire[property]) ?? "").startsWith(wanted);
}

function holds(property: string, literal: string) {
  const wanted = textOf(literal);
  return (wire: Wire) => (wire[property] as unknown[]).some((member) => comparable(member) === wanted);
}

const textOf = (literal: string) => literal.slice(1, -1).replaceAll("''", "'").toLowerCase();

function comparable(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
