/** The kinds of settings. Their messages are predicates ("must be ..."), to which config.ts adds path and value. */
import { closest, distance } from "fastest-levenshtein";
import * as z from "zod";

export const GUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const HOST_NAME_PATTERN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;
/** The names of identity providers, groups, policies and so on; they become parts of Pulumi resource names. */
export const NAME_PATTERN = /^[a-z][A-Za-z0-9-]{0,39}$/;

export const textField = (expected: string, pattern = /\S/) =>
  z.string(`must be ${expected}`).regex(pattern, `must be ${expected}`);
/** A reference to something that is defined elsewhere in the settings. */
export const nameField = (referenced: string) => textField(`the name of ${referenced}`, NAME_PATTERN);
export const displayNameField = textField("a text of 1 to 120 characters", /^.{1,120}$/);
export const durationField = textField('a duration such as "8h" or "30m"', /^(\d+(\.\d+)?(ms|s|m|h))+$/);
export const booleanField = () => z.boolean("must be true or false");
export const oneOfField = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of ${values.map((value) => `"${value}"`).join(", ")}`);
export const listField = <T extends z.ZodType>(item: T, expected: string) =>
  z.array(item, `must be ${expected}`).min(1, `must be ${expected}, at least one`);
export const groupField = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? undefined : "must be a group of settings"),
  });

export function wholeNumberField(highest: number) {
  const message = `must be a whole number from 1 to ${highest}`;
  return z.int(message).min(1, message).max(highest, message);
}

/** Options of a rule that is checked even if a setting of the group is wrong, to report all problems at once. */
export const alwaysChecked = (message: string) => ({ error: message, when: () => true });

/** Reports a problem with the setting at `path`. The message is a predicate of the setting, the advice a sentence. */
export type Refuse = (path: readonly (string | number)[], message: string, advice?: string) => void;

/** Suggests what may have been meant by a name that does not exist, as a sentence. */
export function suggestName(name: string, known: readonly string[]): string {
  if (known.length === 0) return "None is defined.";
  const candidate = closest(name, known);
  return distance(name, candidate) <= 3
    ? `Did you mean "${candidate}"?`
    : `Choose one of ${known.join(", ")}.`;
}
