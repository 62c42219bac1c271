import { EntraNotServed } from "../errors";

/** Optional claims that Microsoft's client libraries always request; the twin omits them. */
const OPTIONAL = ["login_hint", "signin_state", "tenant_region_sub_scope", "xms_cc"];

/**
 * Validates the parameter `claims`, and returns the authentication contexts that it requests for the id token:
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 *
 * @throws EntraNotServed when another claim, or another essential one, is requested
 */
export function validateClaimsRequest(parameter: string | null): string[] {
  if (parameter === null) return [];
  const contexts: string[] = [];
  for (const [token, claims] of entries(parse(parameter))) {
    for (const [name, request] of entries(claims)) {
      if (token === "id_token" && name === "acrs") {
        contexts.push(...parseContexts(request));
        continue;
      }
      const essential = entries(request).some(([key, value]) => key === "essential" && value !== false);
      if (essential || !OPTIONAL.includes(name)) throw new EntraNotServed(`claim ${token}.${name}`);
    }
  }
  return contexts;
}

/** Parses `{ "essential": true, "value": "c1" }`, or several `values`. */
function parseContexts(request: unknown): string[] {
  const { value, values = [] } = (request ?? {}) as { value?: unknown; values?: unknown[] };
  const contexts = value === undefined ? values : [value];
  const isValid = (context: unknown): context is string => /^c[1-9]\d?$/.test(String(context));
  if (contexts.length === 0 || !contexts.every(isValid)) throw new EntraNotServed("claim id_token.acrs");
  return contexts;
}

function parse(parameter: string): unknown {
  try {
    return JSON.parse(parameter);
  } catch {
    throw new EntraNotServed("claims that are not JSON");
  }
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries(value ?? {});
}
