import type { Client } from "@microsoft/microsoft-graph-client";
import type { AuthenticationContextClassReference } from "@microsoft/microsoft-graph-types";
import { listAllPages } from "../pages";

/** Lists the authentication contexts that access rules ask for: `c1` ... @param access the setting of that name */
export function listRequiredAuthenticationContexts(access: unknown): string[] {
  const { policies = {} } = (access ?? {}) as {
    policies?: Record<string, { authenticationContext?: { acId?: string } } | null>;
  };
  const ids = Object.values(policies).flatMap((policy) => policy?.authenticationContext?.acId ?? []);
  return [...new Set(ids)].sort();
}

/** Describes each context as Entra has it: published, not published, or missing. */
export async function describeContexts(
  graph: Client,
  ids: readonly string[],
): Promise<ReadonlyMap<string, "published" | "not published" | "missing">> {
  const path = "/identity/conditionalAccess/authenticationContextClassReferences";
  const all = await listAllPages<AuthenticationContextClassReference>(graph, path);
  const describe = (id: string) => {
    const context = all.find((one) => one.id === id);
    if (!context) return "missing";
    return context.isAvailable ? "published" : "not published";
  };
  return new Map(ids.map((id) => [id, describe(id)]));
}
