/**
 * Property values as Pulumi's engine sends them: plain JSON in which a wrapped object marks a secret and one fixed
 * string stands for a value that is not known yet.
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

export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** True where a value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

/** The value without secret marks, nulls and the bridge's `__` bookkeeping: what a resource computes with. */
export function plain(value: unknown): unknown {
  if (isSecret(value)) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value ?? undefined;
  const entries = Object.entries(value)
    .filter(([key]) => !key.startsWith("__"))
    .map(([key, inner]) => [key, plain(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

export function plainProperties(value: Properties | undefined): Properties {
  return plain(value ?? {}) as Properties;
}

/** Marks in `value` what is marked secret in `like`, so that a secret input stays secret in what is returned. */
export function keepSecrets(value: unknown, like: unknown): unknown {
  if (value === undefined) return value;
  if (isSecret(like)) return secret(value);
  if (Array.isArray(value) && Array.isArray(like)) {
    return value.map((inner, index) => keepSecrets(inner, like[index]));
  }
  if (!isRecord(value) || !isRecord(like) || isSecret(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, keepSecrets(inner, like[key])]),
  );
}
