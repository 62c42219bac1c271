import type { EntraTenant } from "../../store/entra/tenant";
import { findPrincipalByAppId, GRAPH_APP_ID, getGraphAudiences, type Store } from "../../store/store";
import type { TenantClient } from "../clients";
import { EntraNotServed, SignInError } from "../errors";

/** Delegated permissions of Microsoft Graph by name: id, and the role that may consent (`User` or `Admin`). */
export type DelegatedPermissions = Record<string, [id: string, consent: string]>;

/** The permissions of Microsoft Graph. */
export interface GraphPermissions {
  delegated: DelegatedPermissions;
  /** Application permissions by name: id. */
  application: Record<string, string>;
}

/**
 * Resolves a `scope` parameter to names of delegated permissions of Microsoft Graph. Names without a resource are
 * Graph's; `.default` stands for all registered permissions of the application.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 *
 * @throws SignInError 70011 malformed, 650053 unknown to Graph, 500011 unknown resource; EntraNotServed for other resources
 */
export function resolveScopes(
  store: Store,
  tenant: EntraTenant,
  client: TenantClient,
  delegated: DelegatedPermissions,
  parameter: string,
): string[] {
  const scopes = parameter.split(" ").filter((scope) => scope !== "");
  const names = scopes.map((scope) => resolveGraphScope(store, tenant, client, scope));
  const specific = names.filter((name) => !OPENID_SCOPES.includes(name));
  if (names.includes(".default")) {
    if (specific.length > 1) throw new SignInError(70011, { value: parameter });
    return [
      ...new Set([
        ...names.filter((name) => name !== ".default"),
        ...listRegisteredScopes(client, delegated),
      ]),
    ];
  }
  const unknown = names.find((name) => delegated[name] === undefined);
  if (unknown !== undefined) {
    throw new SignInError(650053, {
      name: client.application.displayName,
      value: unknown,
      resource: GRAPH_APP_ID,
    });
  }
  return [...new Set(names)];
}

const OPENID_SCOPES = ["openid", "profile", "email", "offline_access"];

function resolveGraphScope(store: Store, tenant: EntraTenant, client: TenantClient, scope: string): string {
  const slash = scope.lastIndexOf("/");
  if (slash === -1) return scope;
  const resource = scope.slice(0, slash).replace(/\/$/, "");
  if (slash === scope.length - 1) throw new SignInError(70011, { value: scope });
  if (getGraphAudiences(store).includes(resource)) return scope.slice(slash + 1);
  const isKnown = [...tenant.applications.values()].some(
    (a) => a.appId === resource || a.identifierUris.includes(resource),
  );
  if (isKnown || resource === client.application.appId) throw new EntraNotServed(`a scope of ${resource}`);
  throw new SignInError(500011, { value: resource, tenant: tenant.displayName });
}

function listRegisteredScopes(client: TenantClient, delegated: DelegatedPermissions): string[] {
  const ids = client.application.requiredResourceAccess
    .filter((access) => access.resourceAppId === GRAPH_APP_ID)
    .flatMap((access) => access.resourceAccess.filter((a) => a.type === "Scope").map((a) => a.id));
  return Object.entries(delegated).flatMap(([name, [id]]) => (ids.includes(id) ? [name] : []));
}

/** Lists the delegated permissions of Graph that the application may use for this user. */
export function listConsentedScopes(tenant: EntraTenant, client: TenantClient, userId: string): string[] {
  const graph = findPrincipalByAppId(tenant, GRAPH_APP_ID);
  const grants = [...tenant.grants.values()].filter(
    (grant) =>
      grant.clientId === client.principal.id &&
      grant.resourceId === graph?.id &&
      (grant.principalId === undefined || grant.principalId === userId),
  );
  return [...new Set(grants.flatMap((grant) => grant.scope.trim().split(/\s+/)))];
}
