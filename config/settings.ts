/** What settings are made of; the message of each says what would be right. */
import { closest, distance } from "fastest-levenshtein";
import * as z from "zod";

export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The text of a leaf says what would be right; `describeProblem` adds where, and what was found. */
export const text = (want: string, shape = /\S/) => z.string(want).regex(shape, want);
export const flag = () => z.boolean("true or false");
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `one of ${values.map((value) => `"${value}"`).join(", ")}`);
export const list = <T extends z.ZodType>(item: T, want: string) => z.array(item, want).min(1, want);
export const group = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? undefined : "a group of settings"),
  });

/** Lets a rule over a group speak even when a setting of the group is wrong: problems are reported in one go. */
export const always = (want: string) => ({ error: want, when: () => true });

export function wholeNumber(most: number) {
  const want = `a whole number from 1 to ${most}`;
  return z.int(want).min(1, want).max(most, want);
}

/** What somebody may have meant by a name that there is not. */
export function nearest(name: string, known: string[]): string {
  if (known.length === 0) return "there is none";
  const candidate = closest(name, known);
  return distance(name, candidate) <= 3 ? `did you mean "${candidate}"?` : `there are ${known.join(", ")}`;
}
