import { NotJudged } from "../errors";

/** Claims that Microsoft's client libraries ask for wherever there are any, and that the twin has none of. */
const OPTIONAL = ["login_hint", "signin_state", "tenant_region_sub_scope", "xms_cc"];

/**
 * Judges the parameter `claims`: https://learn.microsoft.com/entra/identity-platform/claims-challenge
 *
 * @throws NotJudged when something else, or something essential, is asked for
 */
export function judgeClaimsRequest(parameter: string | null): void {
  if (parameter === null) return;
  for (const [token, claims] of entries(parse(parameter))) {
    for (const [name, request] of entries(claims)) {
      const essential = entries(request).some(([key, value]) => key === "essential" && value !== false);
      if (essential || !OPTIONAL.includes(name)) throw new NotJudged(`claim ${token}.${name}`);
    }
  }
}

function parse(parameter: string): unknown {
  try {
    return JSON.parse(parameter);
  } catch {
    throw new NotJudged("claims that are no JSON");
  }
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries(value ?? {});
}
