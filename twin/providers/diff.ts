/**
 * The difference between what is and what a program asks for, per property, as the real plugins report it: paths in
 * Pulumi's notation, sets compared without order, and nothing for what the service decides.
 */
import type { Property, Table } from "./properties";
import { hasUnknown, isRecord, type Properties } from "./values";

export type ChangeKind = "add" | "delete" | "update";
export interface Change {
  kind: ChangeKind;
  replace: boolean;
}
export type Changes = Map<string, Change>;

/**
 * How absence is read. Terraform's older SDK, under azuread, takes null, "", false, 0 and empty blocks as one value;
 * the newer framework, under cloudflare and random, tells them apart.
 */
export type Absence = "zero values" | "null only";

export function compare(table: Table, state: Properties, inputs: Properties, absence: Absence): Changes {
  const changes: Changes = new Map();
  fields(table, state, inputs, "", false);
  for (const [name, { follows }] of Object.entries(table)) {
    const moved = [...changes.keys()].some((path) => follows !== undefined && path.startsWith(follows));
    if (moved) changes.set(name, { kind: "update", replace: false });
  }
  return changes;

  function fields(shape: Table, old: Properties, now: Properties, path: string, replace: boolean): void {
    for (const [name, property] of Object.entries(shape)) {
      if (!property.output) one(property, old[name], now[name], path ? `${path}.${name}` : name, replace);
    }
  }

  function one(property: Property, old: unknown, asked: unknown, path: string, replaceAbove: boolean): void {
    const replace = replaceAbove || property.replaces === true;
    const now = asked ?? property.implied;
    const note = (kind: ChangeKind) => void changes.set(path, { kind, replace });
    if (now === undefined && property.computed) return;
    if (empty(property, old, absence) && empty(property, now, absence)) return;
    if (property.type === "object" && isRecord(now) && isRecord(old)) {
      fields(property.fields, old, now, path, replace);
    } else if (property.type === "map" && isRecord(old) && isRecord(now ?? {})) {
      const wanted = isRecord(now) ? now : {};
      for (const key of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
        one(property.of, old[key], wanted[key], `${path}.${key}`, replace);
      }
    } else if (Array.isArray(now) && Array.isArray(old) && old.length > 0 && now.length > 0) {
      elements(property, old, now, path, replace);
    } else if (absent(now, absence)) note("delete");
    else if (absent(old, absence)) {
      // Keepers without any entry say nothing yet.
      const says = !(isRecord(now) && Object.keys(now).length === 0);
      changes.set(path, { kind: "add", replace: replace && says });
    } else if (Array.isArray(now) && now.length === 0 && Array.isArray(old) && old.length === 0) return;
    else if (hasUnknown(now) || old !== now) note("update");
  }

  function elements(
    property: Property,
    old: unknown[],
    now: unknown[],
    path: string,
    replace: boolean,
  ): void {
    if (property.type !== "set" && property.type !== "list") return;
    if (property.type === "set" && hasUnknown(now))
      return void changes.set(path, { kind: "update", replace });
    const [before, after] = property.type === "set" ? unmatched(property.of, old, now) : [old, now];
    for (let index = 0; index < Math.max(old.length, now.length); index++) {
      one(property.of, before[index], after[index], `${path}[${index}]`, replace);
    }
  }

  /** Both sides with the elements that occur in both blanked out, positions kept. */
  function unmatched(of: Property, old: unknown[], now: unknown[]): [unknown[], unknown[]] {
    const before = [...old];
    const after = now.map((wanted) => {
      const found = before.findIndex((have) => have !== undefined && same(of, have, wanted));
      if (found < 0) return wanted;
      before[found] = undefined;
      return undefined;
    });
    return [before, after];
  }

  function same(property: Property, old: unknown, now: unknown): boolean {
    return compare({ it: property }, { it: old }, { it: now }, absence).size === 0;
  }
}

/** Nothing to compare with, in the reading of the bridge. An implied value is not absent: changes go from it or to it. */
function absent(value: unknown, absence: Absence): boolean {
  if (value === undefined || value === null) return true;
  return absence === "zero values" && (value === "" || (Array.isArray(value) && value.length === 0));
}

/** As good as absent. */
function empty(property: Property, value: unknown, absence: Absence): boolean {
  if (value === undefined || value === null) return true;
  if (absence === "null only") return false;
  if (value === "" || value === false || value === 0 || value === property.implied) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isRecord(value)) return false;
  if (property.type !== "object") return Object.keys(value).length === 0;
  return Object.entries(value).every(([name, inner]) => {
    const field = property.fields[name];
    return field !== undefined && empty(field, inner, absence);
  });
}
