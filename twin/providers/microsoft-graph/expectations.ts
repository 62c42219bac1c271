/** The azuread plugin's checks of single values, with its messages. */
import type { Expectation } from "../properties";

const GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

export const guid: Expectation = (value, key) =>
  new RegExp(`^${GUID}$`).test(String(value))
    ? undefined
    : `expected "${key}" to be a valid UUID, got ${value}`;

export const notEmpty: Expectation = (value, key) =>
  value === "" ? `expected "${key}" to not be an empty string, got ${value}` : undefined;

/** Case matters, here and in Microsoft's API. */
export function oneOf(...allowed: string[]): Expectation {
  const list = allowed.map((word) => `"${word}"`).join(" ");
  return (value, key) =>
    allowed.includes(String(value)) ? undefined : `expected ${key} to be one of [${list}], got ${value}`;
}

export function atMost(length: number): Expectation {
  return (value, key) =>
    String(value).length <= length
      ? undefined
      : `expected length of ${key} to be in the range (0 - ${length}), got ${value}`;
}

export const instant: Expectation = (value, key) => {
  const shaped = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value));
  return shaped && !Number.isNaN(Date.parse(String(value)))
    ? undefined
    : `expected "${key}" to be a valid RFC3339 date, got "${value}"`;
};

export const webUrl: Expectation = (value, key) => uri(value, key, { schemes: ["http", "https"] });

export const logoutUrl: Expectation = (value, key) =>
  webUrl(value, key) ??
  (String(value).length > 255 ? `URL must be 255 characters or less for "${key}"` : undefined);

/** `anyScheme`: public clients. `urn`: web and public clients may be named by `urn:...`. */
export function redirectUri({ urn, anyScheme }: { urn: boolean; anyScheme: boolean }): Expectation {
  const schemes = anyScheme ? [] : ["http", "https", "ms-appx-web", "brk-multihub"];
  return (value, key) =>
    uri(value, key, { schemes, urn, slash: true }) ??
    (String(value).length > 256 ? `URI must be 256 characters or less for "${key}"` : undefined);
}

/** `/applications/<id>`, the resource ids of the azuread plugin. */
export const applicationId: Expectation = (value) =>
  /^\/applications\/[^/]+$/.test(String(value))
    ? undefined
    : `parsing "${value}": parsing the Application ID: the number of segments didn't match: expected ` +
      "/applications/applicationId";

function uri(value: unknown, key: string, allow: { schemes: string[]; urn?: boolean; slash?: boolean }) {
  const given = String(value);
  if (given === "") return `URI must not be empty for "${key}"`;
  if (allow.urn && /^urn:[^:]*:/.test(given)) return undefined;
  const parts = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/.exec(given);
  if (!parts?.[2]) return `URI has no host for "${key}"`;
  if (allow.schemes.length === 0) return undefined;
  if (allow.slash && parts[3] === "") {
    return `URI must have a trailing slash when there is no path segment for "${key}"`;
  }
  return allow.schemes.includes(String(parts[1]).toLowerCase())
    ? undefined
    : `unexpected URI scheme for "${key}", expected one of: ${allow.schemes.join(", ")}`;
}
