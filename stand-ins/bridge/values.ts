/**
 * Property values in the form of Pulumi's engine: JSON in which a wrapper object marks a secret and a fixed string stands
 * for an unknown value.
 * Source: sdk/proto of github.com/pulumi/pulumi (the signatures are part of the plugin protocol).
 */
export type Properties = Record<string, unknown>;

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): value is { value: unknown } {
  return isRecord(value) && value[SIGNATURE] === SECRET;
}

export function markSecret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Tells if a value, or anything in it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

/** Strips secret marks, nulls and the bridge's `__` members from a value. */
export function stripMarks(value: unknown): unknown {
  if (isSecret(value)) return stripMarks(value.value);
  if (Array.isArray(value)) return value.map(stripMarks);
  if (!isRecord(value)) return value ?? undefined;
  const entries = Object.entries(value)
    .filter(([key]) => !key.startsWith("__"))
    .map(([key, inner]) => [key, stripMarks(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

export function stripPropertyMarks(value: Properties | undefined): Properties {
  return stripMarks(value ?? {}) as Properties;
}
