import { z } from "zod";

/** What somebody gave the twin is not what it takes; the message lists every problem with its path. */
export class InvalidInput extends Error {}

/** @param what names the input in the message @throws InvalidInput */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInput(`not a ${what}:\n${z.prettifyError(result.error)}`);
}
