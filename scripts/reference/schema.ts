import * as z from "zod";
import { schema } from "../../config";

/** The parts of JSON Schema that settings use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** Of settings by name: the schema of each. */
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
}

/** The JSON Schema of all settings, with descriptions. Rules between settings are left to the program. */
export function describeSettings(): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    override: ({ zodSchema, jsonSchema }) => {
      // JSON Schema has no flags, so that a pattern without case says so itself.
      const patterns = zodSchema._zod.def.checks?.map(
        ({ _zod }) => (_zod.def as { pattern?: RegExp }).pattern,
      );
      const pattern = patterns?.find((pattern) => pattern?.ignoreCase);
      if (pattern) jsonSchema.pattern = pattern.source.replace(/a-([fz])/g, caseInsensitive);
    },
  }) as JsonSchema;
}

const caseInsensitive = (range: string) => range + range.toUpperCase();

/** Returns the schema of one of several settings by name or in a list; any other as it is. */
export function getGroup(setting: JsonSchema): JsonSchema {
  return setting.additionalProperties || setting.items || setting;
}

/** A value that `pulumi config set --secret` has encrypted. */
const SECRET = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};
const allowSecret = (setting: unknown) => ({ anyOf: [setting, { $ref: "#/definitions/secret" }] });

/** Builds the JSON Schema of Pulumi.<stack>.yaml: the settings of this project; those of providers are left to them. */
export function buildStackFileSchema(project: string): object {
  const settings = JSON.stringify(describeSettings().properties);
  const properties = Object.entries<JsonSchema>(JSON.parse(settings, adaptToEditors));
  const names = properties.map(([name]) => name).join("|");
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Pulumi.<stack>.yaml of ${project}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          properties.map(([name, setting]) => [`${project}:${name}`, allowSecret(setting)]),
        ),
        patternProperties: { [`^${project}:(?!(${names})$)`]: false },
      },
    },
    definitions: { secret: SECRET },
  };
}

function adaptToEditors(key: string, value: unknown): unknown {
  if (key === "clientSecret") return allowSecret(value);
  // Editors show a text apart from the page to which its links belong.
  return key === "description" && typeof value === "string"
    ? value.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    : value;
}
