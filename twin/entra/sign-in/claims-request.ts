import { EntraNotServed } from "../errors";

/** Optional claims that Microsoft's client libraries always request; the twin omits them. */
const OPTIONAL = ["login_hint", "signin_state", "tenant_region_sub_scope", "xms_cc"];

/**
 * Validates the parameter `claims`: https://learn.microsoft.com/entra/identity-platform/claims-challenge
 *
 * @throws EntraNotServed when another claim, or an essential one, is requested
 */
export function validateClaimsRequest(parameter: string | null): void {
  if (parameter === null) return;
  for (const [token, claims] of entries(parse(parameter))) {
    for (const [name, request] of entries(claims)) {
      const essential = entries(request).some(([key, value]) => key === "essential" && value !== false);
      if (essential || !OPTIONAL.includes(name)) throw new EntraNotServed(`claim ${token}.${name}`);
    }
  }
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
