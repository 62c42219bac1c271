/** Checks inputs against a table and answers in the words of the real plugins' bridges. */

import { type Property, type Table, terraformName } from "./properties";
import type { Bridge } from "./resource";
import { isRecord, type Properties, UNKNOWN } from "./values";

export interface Failure {
  /** Empty: the bridges put the path into the reason, or the CLI would print it twice. */
  property: string;
  reason: string;
}

interface Place {
  /** In Pulumi's notation; it ends at a set, whose elements have no index. */
  path: string;
  /** Dotted, in Terraform's names. */
  key: string;
  inSet: boolean;
}

/**
 * The inputs, scalars converted as the bridge converts them (`5` to `"5"`, `"true"` to `true`), and what is wrong with
 * them. Unknown values pass. `resource` is the resource's name in the program.
 */
export function check(table: Table, inputs: Properties, resource: string, bridge: Bridge) {
  const failures: Failure[] = [];
  const missing: Failure[] = [];
  const words = WORDS[bridge];
  const examine = (reason: string, { path }: Place) => ({
    property: "",
    reason: `${reason}. Examine values at '${resource}.${path}'.`,
  });

  const fields = (shape: Table, values: Properties, at: Place): Properties => {
    const result: Properties = {};
    for (const name of Object.keys(values)) {
      if (!(name in shape)) failures.push(examine("Invalid or unknown key", inside(at, name, name)));
    }
    for (const [name, property] of Object.entries(shape)) {
      const place = inside(at, name, terraformName(name, property));
      if (values[name] !== undefined) result[name] = one(property, values[name], place, false);
      else if (property.required) missing.push(words.missing(property, place, examine));
      const other = property.conflicts;
      if (other && values[name] !== undefined && values[other] !== undefined) {
        const [key, otherKey] = [place.key, terraformName(other, shape[other] ?? property)];
        failures.push(
          examine(`Conflicting configuration arguments. "${key}": conflicts with ${otherKey}`, place),
        );
      }
    }
    return result;
  };

  const one = (property: Property, given: unknown, at: Place, element: boolean): unknown => {
    if (given === UNKNOWN) return given;
    if (property.unsupported)
      failures.push(examine("The stand-in plugin does not support this property", at));
    else if (property.output) failures.push(examine(words.readOnly(at.key), at));
    if (property.output) return given;
    const { value, wrong } = converted(property, given);
    const reason = wrong ?? property.expect?.(value, at.key);
    if (reason) failures.push(examine(reason, at));
    if (wrong) return given;
    // A single block is a list of one in Terraform, and its messages say so.
    if (property.type === "object") {
      return fields(property.fields, value as Properties, element ? at : { ...at, key: `${at.key}.0` });
    }
    if (property.type === "map") {
      const entries = Object.entries(value as Properties);
      return Object.fromEntries(
        entries.map(([name, inner]) => [name, one(property.of, inner, inside(at, name, name), true)]),
      );
    }
    if (property.type !== "list" && property.type !== "set") return value;
    return (value as unknown[]).map((inner, index) => {
      const path = at.inSet || property.type === "set" ? at.path : `${at.path}[${index}]`;
      const place = { path, key: `${at.key}.${index}`, inSet: at.inSet || property.type === "set" };
      return one(property.of, inner, place, true);
    });
  };

  const checked = fields(table, inputs, { path: "", key: "", inSet: false });
  return { inputs: checked, failures: [...failures, ...missing] };
}

const WORDS = {
  sdk: {
    missing: (_: Property, at: Place, examine: (reason: string, at: Place) => Failure): Failure =>
      examine(
        `Missing required argument. The argument "${at.key}" is required, but no definition was found.`,
        at,
      ),
    readOnly: (key: string) =>
      `Value for unconfigurable attribute. Can't configure a value for "${key}": its value will be decided ` +
      "automatically based on the result of applying this configuration.",
  },
  framework: {
    missing: ({ description }: Property, { path }: Place): Failure => ({
      property: "",
      reason: `Missing required property '${path}'${description ? `: ${description}` : ""}`,
    }),
    readOnly: () =>
      "Invalid Configuration for Read-Only Attribute. Cannot set value for this attribute as the provider has marked " +
      "it as read-only. Remove the configuration line setting the value.",
  },
};

function inside(at: Place, name: string, key: string): Place {
  const path = at.inSet ? at.path : at.path ? `${at.path}.${name}` : name;
  return { path, key: at.key ? `${at.key}.${key}` : key, inSet: at.inSet };
}

function converted(property: Property, given: unknown): { value: unknown; wrong?: string } {
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
