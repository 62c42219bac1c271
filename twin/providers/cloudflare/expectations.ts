/** The cloudflare plugin's checks of single values, with its messages. */
import type { Expectation } from "../properties";

/** The framework compares these without case. */
export function oneOf(...allowed: string[]): Expectation {
  const list = allowed.map((word) => `"${word}"`).join(" ");
  return (value, key) =>
    allowed.some((word) => word.toLowerCase() === String(value).toLowerCase())
      ? undefined
      : "Invalid Attribute Value Match. " +
        `Attribute ${key.replaceAll(".0", "")} value must be one of: [${list}], got: "${value}"`;
}

/** A Go duration such as `2h45m`. */
export const duration: Expectation = (value, key) =>
  /^(0|[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(String(value))
    ? undefined
    : `Invalid Attribute Value Match. Attribute ${key} "session_duration" only supports "ns", "us" (or "µs"), "ms", ` +
      `"s", "m", or "h" as valid units, got: ${value}`;
