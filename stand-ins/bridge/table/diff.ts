/**
 * The difference between state and inputs per property, as the real plugins report it: paths in Pulumi's notation, sets
 * without order, and nothing for computed values.
 */

import { hasUnknown, isRecord, type Properties } from "../values";
import type { Property, Table } from "./properties";

export type ChangeKind = "add" | "delete" | "update";
export interface PropertyDiff {
  kind: ChangeKind;
  replace: boolean;
}
export type PropertyDiffs = Map<string, PropertyDiff>;

/**
 * The values that count as absent. Terraform's older SDK, used by azuread, does not distinguish null, "", false, 0 and
 * empty blocks; the newer framework, used by cloudflare and random, does.
 */
export type AbsenceRule = "zero values" | "null only";

export function compareProperties(
  table: Table,
  state: Properties,
  inputs: Properties,
  absence: AbsenceRule,
): PropertyDiffs {
  const changes: PropertyDiffs = new Map();
  compareFields(table, state, inputs, "", false);
  for (const [name, { follows }] of Object.entries(table)) {
    const isAffected = [...changes.keys()].some((path) => follows !== undefined && path.startsWith(follows));
    if (isAffected) changes.set(name, { kind: "update", replace: false });
  }
  return changes;

  function compareFields(
    shape: Table,
    old: Properties,
    now: Properties,
    path: string,
    replace: boolean,
  ): void {
    for (const [name, property] of Object.entries(shape)) {
      if (!property.output)
        compareValue(property, old[name], now[name], path ? `${path}.${name}` : name, replace);
    }
  }

  function compareValue(
    property: Property,
    old: unknown,
    given: unknown,
    path: string,
    replaceAbove: boolean,
  ): void {
    const replace = replaceAbove || property.replaces === true;
    const now = given ?? property.implied;
    const note = (kind: ChangeKind) => void changes.set(path, { kind, replace });
    if (now === undefined && property.computed) return;
    if (isEmpty(property, old, absence) && isEmpty(property, now, absence)) return;
    if (property.type === "object" && isRecord(now) && isRecord(old)) {
      compareFields(property.fields, old, now, path, replace);
    } else if (property.type === "map" && isRecord(old) && isRecord(now ?? {})) {
      const after = isRecord(now) ? now : {};
      for (const key of new Set([...Object.keys(old), ...Object.keys(after)])) {
        compareValue(property.of, old[key], after[key], `${path}.${key}`, replace);
      }
    } else if (Array.isArray(now) && Array.isArray(old) && old.length > 0 && now.length > 0) {
      compareElements(property, old, now, path, replace);
    } else if (isAbsent(now, absence)) note("delete");
    else if (isAbsent(old, absence)) {
      // Empty keepers do not replace.
      const hasEntries = !(isRecord(now) && Object.keys(now).length === 0);
      changes.set(path, { kind: "add", replace: replace && hasEntries });
    } else if (Array.isArray(now) && now.length === 0 && Array.isArray(old) && old.length === 0) return;
    else if (hasUnknown(now) || old !== now) note("update");
  }

  function compareElements(
    property: Property,
    old: unknown[],
    now: unknown[],
    path: string,
    replace: boolean,
  ): void {
    if (property.type !== "set" && property.type !== "list") return;
    if (property.type === "set" && hasUnknown(now))
      return void changes.set(path, { kind: "update", replace });
    const [before, after] = property.type === "set" ? removeMatched(property.of, old, now) : [old, now];
    for (let index = 0; index < Math.max(old.length, now.length); index++) {
      compareValue(property.of, before[index], after[index], `${path}[${index}]`, replace);
    }
  }

  /** Replaces the elements that occur on both sides by undefined, so that positions stay. */
  function removeMatched(of: Property, old: unknown[], now: unknown[]): [unknown[], unknown[]] {
    const before = [...old];
    const after = now.map((element) => {
      const index = before.findIndex((other) => other !== undefined && isSame(of, other, element));
      if (index < 0) return element;
      before[index] = undefined;
      return undefined;
    });
    return [before, after];
  }

  function isSame(property: Property, old: unknown, now: unknown): boolean {
    return compareProperties({ it: property }, { it: old }, { it: now }, absence).size === 0;
  }
}

/** Tells if a value is absent for the bridge. An implied value is not: changes start or end with it. */
function isAbsent(value: unknown, absence: AbsenceRule): boolean {
  if (value === undefined || value === null) return true;
  return absence === "zero values" && (value === "" || (Array.isArray(value) && value.length === 0));
}

/** Tells if a value is absent or equal to it. */
function isEmpty(property: Property, value: unknown, absence: AbsenceRule): boolean {
  if (value === undefined || value === null) return true;
  if (absence === "null only") return false;
  if (value === "" || value === false || value === 0 || value === property.implied) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isRecord(value)) return false;
  if (property.type !== "object") return Object.keys(value).length === 0;
  return Object.entries(value).every(([name, inner]) => {
    const field = property.fields[name];
    return field !== undefined && isEmpty(field, inner, absence);
  });
}
