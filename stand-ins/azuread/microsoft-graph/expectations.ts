/** Checks of single values with the azuread plugin's messages. */
import type { Expectation } from "../../bridge/table/properties";

const GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

export const expectGuid: Expectation = (value, key) =>
  new RegExp(`^${GUID}$`).test(String(value))
    ? undefined
    : `expected "${key}" to be a valid UUID, got ${value}`;

export const expectNotEmpty: Expectation = (value, key) =>
  value === "" ? `expected "${key}" to not be an empty string, got ${value}` : undefined;

/** Expects one of several values; case matters, as in Microsoft's API. */
export function expectOneOf(...allowed: string[]): Expectation {
  const list = allowed.map((word) => `"${word}"`).join(" ");
  return (value, key) =>
    allowed.includes(String(value)) ? undefined : `expected ${key} to be one of [${list}], got ${value}`;
}

export function expectAtMost(length: number): Expectation {
  return (value, key) =>
    String(value).length <= length
      ? undefined
      : `expected length of ${key} to be in the range (0 - ${length}), got ${value}`;
}

export const expectTimestamp: Expectation = (value, key) => {
  const isWellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(String(value));
  return isWellFormed && !Number.isNaN(Date.parse(String(value)))
    ? undefined
    : `expected "${key}" to be a valid RFC3339 date, got "${value}"`;
};

export const expectWebUrl: Expectation = (value, key) => checkUri(value, key, { schemes: ["http", "https"] });

export const expectLogoutUrl: Expectation = (value, key) =>
  expectWebUrl(value, key) ??
  (String(value).length > 255 ? `URL must be 255 characters or less for "${key}"` : undefined);

/** Expects a redirect URI. `anyScheme`: for public clients; `urn`: allows `urn:...` for web and public clients. */
export function expectRedirectUri({ urn, anyScheme }: { urn: boolean; anyScheme: boolean }): Expectation {
  const schemes = anyScheme ? [] : ["http", "https", "ms-appx-web", "brk-multihub"];
  return (value, key) =>
    checkUri(value, key, { schemes, urn, slash: true }) ??
    (String(value).length > 256 ? `URI must be 256 characters or less for "${key}"` : undefined);
}

/** Expects a resource id of the azuread plugin, `/applications/<id>`. */
export const expectApplicationId: Expectation = (value) => checkId(value, "applications", "Application");

/** Expects a resource id of the azuread plugin, `/servicePrincipals/<id>`. */
export const expectServicePrincipalId: Expectation = (value) =>
  checkId(value, "servicePrincipals", "Service Principal");

function checkId(value: unknown, segment: string, kind: string): string | undefined {
  if (new RegExp(`^/${segment}/[^/]+$`).test(String(value))) return undefined;
  const expected = `/${segment}/${segment.replace(/s$/, "Id")}`;
  return `parsing "${value}": parsing the ${kind} ID: the number of segments didn't match: expected ${expected}`;
}

function checkUri(value: unknown, key: string, allow: { schemes: string[]; urn?: boolean; slash?: boolean }) {
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
