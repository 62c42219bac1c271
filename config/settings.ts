/** What settings are made of; the message of each says what would be right. */
import { closest, distance } from "fastest-levenshtein";
import * as z from "zod";

export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The text of a leaf says what would be right; `describeProblem` adds where, and what was found. */
export const text = (want: string, shape = /\S/) => z.string(want).regex(shape, want);
export const NAME = /^[a-z][A-Za-z0-9-]{0,39}$/;
/** A name that settings refer to. */
export const name = (of: string) => text(`the name of ${of}`, NAME);
export const label = text("a text of 1 to 120 characters", /^.{1,120}$/);
export const duration = text('a duration such as "8h" or "30m"', /^(\d+(\.\d+)?(ms|s|m|h))+$/);
export const hostName = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;
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
