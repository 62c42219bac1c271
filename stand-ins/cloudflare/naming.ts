/** Conversion between Pulumi's camelCase properties and Cloudflare's snake_case, by a resource's table. */
import { getTerraformName, type Property, type Table } from "../bridge/table/properties";
import { isRecord, type Properties } from "../bridge/values";

/** Converts inputs for the API, without outputs, which it does not accept. Null clears a setting. */
export function toApi(table: Table, values: Properties): Properties {
  const sent: Properties = {};
  for (const [name, property] of Object.entries(table)) {
    const value = values[name] === undefined ? property.implied : values[name];
    if (!property.output && value !== undefined)
      sent[getTerraformName(name, property)] = convertValue(property, value, toApi);
  }
  return sent;
}

/** Converts an answer of the API. Null counts as absent. */
export function fromApi(table: Table, answer: Properties): Properties {
  const read: Properties = {};
  for (const [name, property] of Object.entries(table)) {
    const value = answer[getTerraformName(name, property)];
    if (value !== undefined && value !== null) read[name] = convertValue(property, value, fromApi);
  }
  return read;
}

type Conversion = (table: Table, values: Properties) => Properties;

function convertValue(property: Property, value: unknown, convert: Conversion): unknown {
  if (property.type === "object" && isRecord(value)) return convert(property.fields, value);
  if ((property.type === "list" || property.type === "set") && Array.isArray(value))
    return value.map((one) => convertValue(property.of, one, convert));
  return value;
}
