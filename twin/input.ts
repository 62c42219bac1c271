import { z } from "zod";

/** Input that the twin does not accept; the message lists every problem with its path. */
export class InvalidInput extends Error {}

/** Validates input from outside. @param name of the input in the message @throws InvalidInput */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  name: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInput(`invalid ${name}:\n${z.prettifyError(result.error)}`);
}
