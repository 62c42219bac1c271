/**
 * The inputs and outputs of a resource as a table, from which checks, diffs, secrets and defaults are derived. The tables
 * come from the schemas of the official packages and their Terraform providers.
 */
import { isRecord, markSecret, type Properties } from "../values";

/** A check that returns the problem of a value, if any. `key` is the property's dotted Terraform name. */
export type Expectation = (value: unknown, key: string) => string | undefined;

interface Traits {
  required?: boolean;
  /** A change replaces the resource. */
  replaces?: boolean;
  secret?: boolean;
  /** An output, which the program cannot set. */
  output?: boolean;
  /** An output that is unknown during an update while it has no value. */
  nonNull?: boolean;
  /** An input of the real plugin that the stand-in refuses. */
  unsupported?: boolean;
  /** Keeps the service's value when it is unset. */
  computed?: boolean;
  /** Set by `check` when the program omits it. */
  default?: unknown;
  /** Pulumi name of an input that excludes this one; both have this trait. */
  conflicts?: string;
  /** The input whose change makes this output unknown until the call. */
  follows?: string;
  /** Value that the provider sends and expects when it is unset; never added to the inputs. */
  implied?: unknown;
  /** Name in Terraform's schema. Default: the Pulumi name in snake case. */
  terraform?: string;
  expect?: Expectation;
  description?: string;
}
type Scalar = Traits & { type: "string" | "boolean" | "integer" };
type Collection = Traits & { type: "list" | "set" | "map"; of: Property };
type Block = Traits & { type: "object"; fields: Table };
export type Property = Scalar | Collection | Block;
export type Table = Record<string, Property>;

export const string = (traits: Traits = {}): Property => ({ type: "string", ...traits });
export const boolean = (traits: Traits = {}): Property => ({ type: "boolean", ...traits });
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
 * Adds the defaults of the real plugin to inputs, and `__defaults` like its bridge.
 *
 * @param before the inputs of the last run or refresh. A former default there becomes the new default, so drift of a
 * property that the program omits is adopted and not repaired (seen with azuread 6.9.1)
 */
export function addDefaults(
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
    if (value !== undefined) result[name] = addNestedDefaults(property, value, bookkeeping);
  }
  return bookkeeping ? { __defaults: filled, ...result } : result;
}

function addNestedDefaults(property: Property, value: unknown, bookkeeping: boolean): unknown {
  if (property.type === "object" && isRecord(value)) return addDefaults(property.fields, value, bookkeeping);
  if ((property.type === "list" || property.type === "set") && Array.isArray(value)) {
    return value.map((inner) => addNestedDefaults(property.of, inner, bookkeeping));
  }
  return value;
}

/** Marks the secret properties of a table, at any depth; others stay readable. */
export function markSecrets(table: Table, values: Properties): Properties {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, markSecretValue(table[name], value)]),
  );
}

function markSecretValue(property: Property | undefined, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (property?.secret) return markSecret(value);
  if (property?.type === "object" && isRecord(value)) return markSecrets(property.fields, value);
  if (property && "of" in property && Array.isArray(value))
    return value.map((item) => markSecretValue(property.of, item));
  return value;
}

/** Returns the Terraform name of a property. */
export function getTerraformName(name: string, property: Property): string {
  return property.terraform ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
