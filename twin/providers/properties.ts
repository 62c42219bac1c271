/**
 * What a resource accepts and returns, as a table. Checking, diffing, secrets and defaults are all read from it, so
 * that a resource is this table and its calls. The tables are distilled from the schemas of the official packages and
 * of the Terraform providers under them.
 */
import { isRecord, type Properties, secret } from "./values";

/** Reports what is wrong with a value, or nothing. `key` is the property's dotted Terraform name. */
export type Expectation = (value: unknown, key: string) => string | undefined;

interface Traits {
  required?: boolean;
  /** A change makes a new resource. */
  replaces?: boolean;
  secret?: boolean;
  /** Only ever an output: the program cannot set it. */
  output?: boolean;
  /** An input of the real plugin that the stand-in refuses, rather than pretend. */
  unsupported?: boolean;
  /** Unset, it keeps what the service answers. */
  computed?: boolean;
  /** Filled in by `check` when the program leaves it out. */
  default?: unknown;
  /** An input that excludes this one, by its Pulumi name; both sides say so. */
  conflicts?: string;
  /** On an output: the input whose change makes it unknown until the call. */
  follows?: string;
  /** What the provider sends and expects back when it is unset; never written into the inputs. */
  implied?: unknown;
  /** The name in Terraform's schema, where it is not the Pulumi name in snake case. */
  terraform?: string;
  expect?: Expectation;
  description?: string;
}
type Scalar = Traits & { type: "string" | "boolean" | "integer" };
type Collection = Traits & { type: "list" | "set" | "map"; of: Property };
type Block = Traits & { type: "object"; fields: Table };
export type Property = Scalar | Collection | Block;
export type Table = Record<string, Property>;

export const text = (traits: Traits = {}): Property => ({ type: "string", ...traits });
export const flag = (traits: Traits = {}): Property => ({ type: "boolean", ...traits });
export const integer = (traits: Traits = {}): Property => ({ type: "integer", ...traits });
export const setOf = (of: Property, traits: Traits = {}): Property => ({ type: "set", of, ...traits });
export const listOf = (of: Property, traits: Traits = {}): Property => ({ type: "list", of, ...traits });
export const mapOf = (of: Property, traits: Traits = {}): Property => ({ type: "map", of, ...traits });
export const block = (fields: Table, traits: Traits = {}): Property => ({
  type: "object",
  fields,
  ...traits,
});

/**
 * The inputs with the defaults that the real plugin writes into them, and `__defaults` as its bridge records them.
 *
 * @param before the inputs of the last run or refresh: where a default stood, what stands there now is the default,
 * so that drift of a property that the program leaves out is taken over, not repaired (seen with azuread 6.9.1)
 */
export function withDefaults(
  table: Table,
  inputs: Properties,
  bookkeeping: boolean,
  before: Properties = {},
): Properties {
  const filled: string[] = [];
  const result: Properties = {};
  const defaulted = Array.isArray(before.__defaults) ? before.__defaults : [];
  for (const [name, property] of Object.entries(table)) {
    if (inputs[name] === undefined && property.default !== undefined) filled.push(name);
    const fallback = (defaulted.includes(name) ? before[name] : undefined) ?? property.default;
    const value = inputs[name] ?? fallback;
    if (value !== undefined) result[name] = nested(property, value, bookkeeping);
  }
  return bookkeeping ? { __defaults: filled, ...result } : result;
}

function nested(property: Property, value: unknown, bookkeeping: boolean): unknown {
  if (property.type === "object" && isRecord(value)) return withDefaults(property.fields, value, bookkeeping);
  if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
    return value.map((inner) => nested(property.of, inner, bookkeeping));
  }
  return value;
}

/** Wraps what the table calls secret, at its own depth: its neighbours stay readable. */
export function markSecrets(table: Table, values: Properties): Properties {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const property = table[name];
      if (property?.secret && value !== undefined && value !== null) return [name, secret(value)];
      if (property?.type === "object" && isRecord(value)) return [name, markSecrets(property.fields, value)];
      return [name, value];
    }),
  );
}

/** `requiredResourceAccesses` as Terraform spells it. */
export function terraformName(name: string, property: Property): string {
  return property.terraform ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
