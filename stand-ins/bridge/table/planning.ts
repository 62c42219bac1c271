/** Outputs derived from a table before and after a call, and inputs derived from outputs. */

import { isRecord, isSecret, type Properties, stripMarks, UNKNOWN } from "../values";
import type { Property, Table } from "./properties";

/** Plans the outputs of an operation: inputs over the old state; computed values are unknown for a new resource. */
export function planOutputs(table: Table, state: Properties | undefined, inputs: Properties): Properties {
  const result: Properties = state?.id === undefined ? {} : { id: state.id };
  for (const [name, property] of Object.entries(table)) {
    const value = planValue(property, state?.[name], inputs[name] ?? property.implied, state !== undefined);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function planValue(property: Property, old: unknown, given: unknown, exists: boolean): unknown {
  if (property.unsupported) return undefined;
  if (property.output || (given === undefined && property.computed))
    return exists && !(property.nonNull && old === undefined) ? old : UNKNOWN;
  if (given === undefined && isZero(old)) return old;
  if (property.type === "object" && isRecord(given)) {
    return planOutputs(property.fields, isRecord(old) ? old : exists ? {} : undefined, given);
  }
  return given;
}

/**
 * Brings values into the shape of the state. Terraform's SDK has null for properties without a value and sorts sets; the
 * framework omits them.
 */
export function shapeOutputs(table: Table, values: Properties, nulls: boolean): Properties {
  const result: Properties = values.id === undefined ? {} : { id: values.id };
  for (const [name, property] of Object.entries(table)) {
    const value = shapeValue(property, values[name], nulls);
    if (value !== undefined && value !== null) result[name] = value;
    else if (nulls) result[name] = null;
  }
  return result;
}

function shapeValue(property: Property, value: unknown, nulls: boolean): unknown {
  if (property.type === "object" && isRecord(value)) return shapeOutputs(property.fields, value, nulls);
  if (!Array.isArray(value) || (property.type !== "list" && property.type !== "set")) return value;
  const inner = value.map((element) => shapeValue(property.of, element, nulls));
  if (property.type === "list") return inner;
  return inner.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Replaces empty collections of scalars by null if neither the program nor the old state has them. */
export function nullUnsetCollections(
  table: Table,
  inputs: Properties,
  outputs: Properties,
  state?: Properties,
): Properties {
  const result = { ...outputs };
  for (const [name, property] of Object.entries(table)) {
    const [given, value, old] = [inputs[name], outputs[name], state?.[name]];
    if (property.output || property.computed) continue;
    if (property.type === "object" && isRecord(given) && isRecord(value)) {
      result[name] = nullUnsetCollections(property.fields, given, value, isRecord(old) ? old : undefined);
    } else if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
      const { of } = property;
      if (of.type !== "object")
        result[name] = (given ?? old) === undefined && value.length === 0 ? null : value;
      else if (property.type === "list" && Array.isArray(given)) {
        const before = Array.isArray(old) ? old : [];
        result[name] = value.map((element, index) =>
          nullUnsetCollections(of.fields, given[index] ?? {}, element, before[index]),
        );
      }
    }
  }
  return result;
}

/** Updates inputs from outputs after a refresh, in the program's shape, so that drift is detected. */
export function refreshInputs(table: Table, inputs: Properties, outputs: Properties): Properties {
  const result: Properties = {};
  for (const [name, raw] of Object.entries(inputs)) {
    const property = table[name];
    const value = name.startsWith("__") || !property ? raw : refreshValue(property, raw, outputs[name]);
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

function refreshValue(property: Property, raw: unknown, now: unknown): unknown {
  const old = stripMarks(raw);
  if (property.type === "object" && isRecord(raw) && isRecord(now)) {
    return refreshInputs(property.fields, isSecret(raw) ? (old as Properties) : raw, now);
  }
  if (Array.isArray(old) && Array.isArray(now) && (property.type === "set" || property.type === "list")) {
    // The same elements keep the program's order and shape.
    if (old.length === now.length && toComparable(property.of, old) === toComparable(property.of, now))
      return raw;
    return now.map(stripMarks);
  }
  return stripMarks(now);
}

function toComparable(of: Property, values: unknown[]): string {
  const keys = values.map((value) => JSON.stringify(dropEmptyMembers(of, stripMarks(value))));
  return keys.sort().join();
}

/** Drops empty members of a value, so that omitted and empty ones are equal. */
function dropEmptyMembers(property: Property, value: unknown): unknown {
  if (property.type === "object" && isRecord(value)) {
    const kept = Object.entries(property.fields).map(([name, field]) => [
      name,
      dropEmptyMembers(field, value[name]),
    ]);
    return Object.fromEntries(kept.filter(([, inner]) => !isZero(inner)));
  }
  return Array.isArray(value) && (property.type === "list" || property.type === "set")
    ? value.map((inner) => dropEmptyMembers(property.of, inner))
    : value;
}

/** Derives the inputs that would result in these outputs. */
export function deriveInputs(table: Table, outputs: Properties): Properties {
  const result: Properties = {};
  for (const [name, property] of Object.entries(table)) {
    const value = outputs[name];
    if (property.output || value === (property.implied ?? property.default)) continue;
    const input = deriveValue(property, value);
    if (!isZero(input)) result[name] = input;
  }
  return result;
}

function deriveValue(property: Property, value: unknown): unknown {
  if (property.type === "object" && isRecord(value)) return deriveInputs(property.fields, value);
  return Array.isArray(value) && (property.type === "list" || property.type === "set")
    ? value.map((inner) => deriveValue(property.of, inner))
    : stripMarks(value);
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.every(isZero);
  return isRecord(value) && Object.values(value).every(isZero);
}
