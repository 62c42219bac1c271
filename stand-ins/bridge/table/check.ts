/** Checks of inputs against a table, with the messages of the real plugins' bridges. */

import { isRecord, type Properties, UNKNOWN } from "../values";
import { getTerraformName, type Property, type Table } from "./properties";

/** The Pulumi bridge of the real plugin, which determines absent values and error messages. */
export type Bridge = keyof typeof MESSAGES;

interface PropertyPath {
  /** Path in Pulumi's notation, up to the first set, whose elements have no index. */
  path: string;
  /** Dotted path of Terraform names. */
  key: string;
  inSet: boolean;
}

/**
 * Checks inputs and converts scalars like the bridge (`5` to `"5"`, `"true"` to `true`). Unknown values pass.
 *
 * @param resource name of the resource in the program
 */
export function checkInputs(table: Table, inputs: Properties, resource: string, bridge: Bridge) {
  const failures: string[] = [];
  const missing: string[] = [];
  const messages = MESSAGES[bridge];
  const examine = (reason: string, { path }: PropertyPath) =>
    `${reason}. Examine values at '${resource}.${path}'.`;

  const checkFields = (shape: Table, values: Properties, at: PropertyPath): Properties => {
    const result: Properties = {};
    for (const name of Object.keys(values)) {
      if (!(name in shape)) failures.push(examine("Invalid or unknown key", appendPath(at, name, name)));
    }
    for (const [name, property] of Object.entries(shape)) {
      const place = appendPath(at, name, getTerraformName(name, property));
      if (values[name] !== undefined) result[name] = checkValue(property, values[name], place, false);
      else if (property.required) missing.push(messages.missing(property, place, examine));
      const other = property.conflicts;
      if (other && values[name] !== undefined && values[other] !== undefined) {
        const [key, otherKey] = [place.key, getTerraformName(other, shape[other] ?? property)];
        failures.push(
          examine(`Conflicting configuration arguments. "${key}": conflicts with ${otherKey}`, place),
        );
      }
    }
    return result;
  };

  const checkValue = (property: Property, given: unknown, at: PropertyPath, element: boolean): unknown => {
    if (given === UNKNOWN) return given;
    if (property.unsupported)
      failures.push(examine("The stand-in plugin does not support this property", at));
    else if (property.output) failures.push(examine(messages.readOnly(at.key), at));
    if (property.output) return given;
    const { value, wrong } = convertScalar(property, given);
    const reason = wrong ?? property.expect?.(value, at.key);
    if (reason) failures.push(examine(reason, at));
    if (wrong) return given;
    // A single block is a list of one in Terraform, and its messages say so.
    if (property.type === "object") {
      return checkFields(property.fields, value as Properties, element ? at : { ...at, key: `${at.key}.0` });
    }
    if (property.type === "map") {
      const entries = Object.entries(value as Properties);
      return Object.fromEntries(
        entries.map(([name, inner]) => [
          name,
          checkValue(property.of, inner, appendPath(at, name, name), true),
        ]),
      );
    }
    if (property.type !== "list" && property.type !== "set") return value;
    return (value as unknown[]).map((inner, index) => {
      const path = at.inSet || property.type === "set" ? at.path : `${at.path}[${index}]`;
      const place = { path, key: `${at.key}.${index}`, inSet: at.inSet || property.type === "set" };
      return checkValue(property.of, inner, place, true);
    });
  };

  const checked = checkFields(table, inputs, { path: "", key: "", inSet: false });
  return { inputs: checked, failures: [...failures, ...missing] };
}

const MESSAGES = {
  sdk: {
    missing: (_: Property, at: PropertyPath, examine: (reason: string, at: PropertyPath) => string) =>
      examine(
        `Missing required argument. The argument "${at.key}" is required, but no definition was found.`,
        at,
      ),
    readOnly: (key: string) =>
      `Value for unconfigurable attribute. Can't configure a value for "${key}": its value will be decided ` +
      "automatically based on the result of applying this configuration.",
  },
  framework: {
    missing: ({ description }: Property, { path }: PropertyPath) =>
      `Missing required property '${path}'${description ? `: ${description}` : ""}`,
    readOnly: () =>
      "Invalid Configuration for Read-Only Attribute. Cannot set value for this attribute as the provider has marked " +
      "it as read-only. Remove the configuration line setting the value.",
  },
};

function appendPath(at: PropertyPath, name: string, key: string): PropertyPath {
  const path = at.inSet ? at.path : at.path ? `${at.path}.${name}` : name;
  return { path, key: at.key ? `${at.key}.${key}` : key, inSet: at.inSet };
}

function convertScalar(property: Property, given: unknown): { value: unknown; wrong?: string } {
  const { type } = property;
  const kind = Array.isArray(given) ? "list" : typeof given;
  const wrong = (reason: string) => ({ value: given, wrong: reason });
  if (type === "object" || type === "map") {
    return isRecord(given) ? { value: given } : wrong(`Expected Object Type. Expected object, got ${kind}`);
  }
  if (type === "list" || type === "set") return { value: Array.isArray(given) ? given : [given] };
  if (kind === "list" || kind === "object") return wrong(`expected ${type} type, got ${kind} type`);
  if (type === "string") return { value: String(given) };
  if (type === "boolean") {
    if (kind === "boolean") return { value: given };
    return given === "true" || given === "false"
      ? { value: given === "true" }
      : wrong(`cannot parse '' as bool: strconv.ParseBool: parsing "${given}": invalid syntax`);
  }
  return given !== "" && Number.isInteger(Number(given)) && kind !== "boolean"
    ? { value: Number(given) }
    : wrong(`cannot parse '' as int: strconv.ParseInt: parsing "${given}": invalid syntax`);
}
