/** Checks of single values with the cloudflare plugin's messages. */
import type { Expectation } from "../bridge/table/properties";

/** Expects one of several values, ignoring case like the framework. */
export function expectChoice(...allowed: string[]): Expectation {
  const list = allowed.map((word) => `"${word}"`).join(" ");
  return (value, key) =>
    allowed.some((word) => word.toLowerCase() === String(value).toLowerCase())
      ? undefined
      : "Invalid Attribute Value Match. " +
        `Attribute ${key.replaceAll(".0", "")} value must be one of: [${list}], got: "${value}"`;
}

/** Expects a Go duration such as `2h45m`. */
export const expectDuration: Expectation = (value, key) =>
  /^(0|[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(String(value))
    ? undefined
    : `Invalid Attribute Value Match. Attribute ${key} "session_duration" only supports "ns", "us" (or "µs"), "ms", ` +
      `"s", "m", or "h" as valid units, got: ${value}`;
