/** Pulumi's camelCase properties to Cloudflare's snake_case and back, by a resource's table. */
import { type Property, type Table, terraformName } from "../properties";
import { isRecord, type Properties } from "../values";

/** What the API is sent: inputs only, since what it answers by itself is not accepted back. Null clears a setting. */
export function toApi(table: Table, values: Properties): Properties {
  const sent: Properties = {};
  for (const [name, property] of Object.entries(table)) {
    const value = values[name] === undefined ? property.implied : values[name];
    if (!property.output && value !== undefined)
      sent[terraformName(name, property)] = converted(property, value, toApi);
  }
  return sent;
}

/** What the API answered, of what the table knows. Null and absent are one. */
export function fromApi(table: Table, answer: Properties): Properties {
  const read: Properties = {};
  for (const [name, property] of Object.entries(table)) {
    const value = answer[terraformName(name, property)];
    if (value !== undefined && value !== null) read[name] = converted(property, value, fromApi);
  }
  return read;
}

type Conversion = (table: Table, values: Properties) => Properties;

function converted(property: Property, value: unknown, convert: Conversion): unknown {
  if (property.type === "object" && isRecord(value)) return convert(property.fields, value);
  if ((property.type === "list" || property.type === "set") && Array.isArray(value))
    return value.map((one) => converted(property.of, one, convert));
  return value;
}
