/** Outputs that follow from a table: before the call, after it, and inputs read back from them. */
import type { Property, Table } from "./properties";
import { isRecord, isSecret, type Properties, plain, UNKNOWN } from "./values";

/** What an operation will leave: the inputs over the old state; what only the service knows is unknown when new. */
export function planned(table: Table, state: Properties | undefined, inputs: Properties): Properties {
  const result: Properties = state?.id === undefined ? {} : { id: state.id };
  for (const [name, property] of Object.entries(table)) {
    const value = plannedValue(
      property,
      state?.[name],
      inputs[name] ?? property.implied,
      state !== undefined,
    );
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function plannedValue(property: Property, old: unknown, asked: unknown, exists: boolean): unknown {
  if (property.unsupported) return undefined;
  if (property.output || (asked === undefined && property.computed)) return exists ? old : UNKNOWN;
  if (asked === undefined && isZero(old)) return old;
  if (property.type === "object" && isRecord(asked)) {
    return planned(property.fields, isRecord(old) ? old : exists ? {} : undefined, asked);
  }
  return asked;
}

/**
 * The state's shape. Under Terraform's SDK every property is there, null when it has no value, and sets are sorted;
 * under the framework what has no value is left out.
 */
export function outputsOf(table: Table, values: Properties, nulls: boolean): Properties {
  const result: Properties = values.id === undefined ? {} : { id: values.id };
  for (const [name, property] of Object.entries(table)) {
    const value = shaped(property, values[name], nulls);
    if (value !== undefined && value !== null) result[name] = value;
    else if (nulls) result[name] = null;
  }
  return result;
}

function shaped(property: Property, value: unknown, nulls: boolean): unknown {
  if (property.type === "object" && isRecord(value)) return outputsOf(property.fields, value, nulls);
  if (!Array.isArray(value) || (property.type !== "list" && property.type !== "set")) return value;
  const inner = value.map((element) => shaped(property.of, element, nulls));
  if (property.type === "list") return inner;
  return inner.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Empty collections of plain values are null where neither the program nor the old state (null left out) has them. */
export function unsetToNull(
  table: Table,
  inputs: Properties,
  outputs: Properties,
  state?: Properties,
): Properties {
  const result = { ...outputs };
  for (const [name, property] of Object.entries(table)) {
    const [asked, value, old] = [inputs[name], outputs[name], state?.[name]];
    if (property.output || property.computed) continue;
    if (property.type === "object" && isRecord(asked) && isRecord(value)) {
      result[name] = unsetToNull(property.fields, asked, value, isRecord(old) ? old : undefined);
    } else if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
      const { of } = property;
      if (of.type !== "object")
        result[name] = (asked ?? old) === undefined && value.length === 0 ? null : value;
      else if (property.type === "list" && Array.isArray(asked)) {
        const before = Array.isArray(old) ? old : [];
        result[name] = value.map((element, index) =>
          unsetToNull(of.fields, asked[index] ?? {}, element, before[index]),
        );
      }
    }
  }
  return result;
}

/** After a refresh the inputs follow the outputs, in the shape the program gave them: so drift is not planned away. */
export function refreshedInputs(table: Table, inputs: Properties, outputs: Properties): Properties {
  const result: Properties = {};
  for (const [name, raw] of Object.entries(inputs)) {
    const property = table[name];
    const value = name.startsWith("__") || !property ? raw : refreshed(property, raw, outputs[name]);
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

function refreshed(property: Property, raw: unknown, now: unknown): unknown {
  const old = plain(raw);
  if (property.type === "object" && isRecord(raw) && isRecord(now)) {
    return refreshedInputs(property.fields, isSecret(raw) ? (old as Properties) : raw, now);
  }
  if (Array.isArray(old) && Array.isArray(now) && (property.type === "set" || property.type === "list")) {
    // The same elements keep the program's order and shape.
    if (old.length === now.length && sorted(property.of, old) === sorted(property.of, now)) return raw;
    return now.map(plain);
  }
  return plain(now);
}

function sorted(of: Property, values: unknown[]): string {
  const keys = values.map((value) => JSON.stringify(essence(of, plain(value))));
  return keys.sort().join();
}

/** A value without what is empty in it: what was left out and what came back empty are the same. */
function essence(property: Property, value: unknown): unknown {
  if (property.type === "object" && isRecord(value)) {
    const kept = Object.entries(property.fields).map(([name, field]) => [name, essence(field, value[name])]);
    return Object.fromEntries(kept.filter(([, inner]) => !isZero(inner)));
  }
  return Array.isArray(value) && (property.type === "list" || property.type === "set")
    ? value.map((inner) => essence(property.of, inner))
    : value;
}

/** The inputs that would have made these outputs: what is set, and what a program can set. */
export function importedInputs(table: Table, outputs: Properties): Properties {
  const result: Properties = {};
  for (const [name, property] of Object.entries(table)) {
    const value = outputs[name];
    if (property.output || value === (property.implied ?? property.default)) continue;
    const input = imported(property, value);
    if (!isZero(input)) result[name] = input;
  }
  return result;
}

function imported(property: Property, value: unknown): unknown {
  if (property.type === "object" && isRecord(value)) return importedInputs(property.fields, value);
  return Array.isArray(value) && (property.type === "list" || property.type === "set")
    ? value.map((inner) => imported(property.of, inner))
    : plain(value);
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.every(isZero);
  return isRecord(value) && Object.values(value).every(isZero);
}
