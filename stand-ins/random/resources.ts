/** `random:index/randomString:RandomString` and `random:index/randomUuid:RandomUuid`, which only exist in the state. */

import type { ResourceType } from "../bridge/resource";
import { boolean, integer, mapOf, type Property, string } from "../bridge/table/properties";
import type { Properties } from "../bridge/values";
import { createRandomGuid, createRandomString, formatGuid } from "./characters";

const replaces = { replaces: true };
/** Arbitrary values; a change of any creates a new result. */
const keepers = mapOf(string(), replaces);
const enabled: Property = boolean({ ...replaces, implied: true });
/** The stack sets no minimum and no characters of its own. */
const unsupported = { ...replaces, unsupported: true };
const least: Property = integer({ ...unsupported, implied: 0 });

const keepState = {
  // Only called for empty keepers.
  update: async (_client: unknown, _id: string, state: Properties, inputs: Properties) => ({
    ...state,
    ...inputs,
  }),
  read: async (_client: unknown, id: string, state: Properties) => ({ id, outputs: { ...state, id } }),
  delete: async () => {},
};

export const randomStringResource: ResourceType<object> = {
  terraform: "random_string",
  meta: '{"schema_version":"2"}',
  table: {
    keepers,
    length: integer({
      ...replaces,
      required: true,
      description:
        "The length of the string desired. The minimum value for length is 1 and, length must also be >= " +
        "(`min_upper` + `min_lower` + `min_numeric` + `min_special`).",
      expect: (value) =>
        Number(value) < 1
          ? `Invalid Attribute Value. Attribute length value must be at least 1, got: ${value}`
          : undefined,
    }),
    lower: enabled,
    minLower: least,
    minNumeric: least,
    minSpecial: least,
    minUpper: least,
    number: boolean({ ...unsupported, implied: true }),
    numeric: enabled,
    overrideSpecial: string(unsupported),
    result: string({ output: true }),
    special: enabled,
    upper: enabled,
  },

  /** `number` is the former name of `numeric`. */
  completeInputs: (inputs) => ({ ...inputs, number: inputs.numeric ?? true }),

  validate(inputs, name) {
    const classes = [inputs.special, inputs.upper, inputs.lower, inputs.numeric];
    if (classes.every((allowed) => allowed === false)) {
      const rule = "At least one attribute out of [special,upper,lower,numeric] must be specified as true";
      return [`Invalid Attribute Combination. ${rule}. Examine values at '${name}.numeric'.`];
    }
    return [];
  },

  async create(_client, inputs) {
    const outputs = { ...ALPHABET, ...inputs };
    const result = createRandomString(Number(inputs.length), outputs);
    return { id: result, outputs: { ...outputs, id: result, result } };
  },

  async read(client, id, state, imported) {
    if (!imported) return keepState.read(client, id, state);
    return { id, outputs: { ...ALPHABET, id, length: id.length, result: id } };
  },
  update: keepState.update,
  delete: keepState.delete,
};

const ALPHABET = {
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  number: true,
  numeric: true,
  special: true,
  upper: true,
};

export const randomUuidResource: ResourceType<object> = {
  terraform: "random_uuid",
  table: { keepers, result: string({ output: true }) },

  async create(_client, inputs) {
    const result = createRandomGuid();
    return { id: result, outputs: { ...inputs, id: result, result } };
  },

  async read(client, id, state, imported) {
    if (!imported) return keepState.read(client, id, state);
    const hex = id.replaceAll("-", "").toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(hex) || formatGuid(hex) !== id.toLowerCase()) {
      throw new Error(
        "Import Random UUID Error: There was an error during the parsing of the UUID.\n\n" +
          `Original Error: uuid string is wrong length or form: ${id}`,
      );
    }
    return { id: formatGuid(hex), outputs: { id: formatGuid(hex), result: formatGuid(hex) } };
  },
  update: keepState.update,
  delete: keepState.delete,
};
