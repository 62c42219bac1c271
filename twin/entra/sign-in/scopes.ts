import { GRAPH_APP_ID, graphAudiences, type Store, servicePrincipalByAppId } from "../../store/store";
import type { Tenant } from "../../store/tenant";
import type { Client } from "../clients";
import { NotJudged, SignInError } from "../errors";

/** Delegated permissions of Microsoft Graph by name: id, and who may consent (`User` or `Admin`). */
export type DelegatedPermissions = Record<string, [id: string, consent: string]>;

/** What Microsoft Graph offers. */
export interface GraphPermissions {
  delegated: DelegatedPermissions;
  /** Application permissions by name: id. */
  application: Record<string, string>;
}

/**
 * The delegated permissions of Microsoft Graph that a `scope` parameter asks for, by name. Names without a resource
 * are Graph's; `.default` stands for what the application registers.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 *
 * @throws SignInError 70011 malformed, 650053 unknown to Graph, 500011 unknown resource; NotJudged for other resources
 */
export function requestedScopes(
  store: Store,
  tenant: Tenant,
  client: Client,
  delegated: DelegatedPermissions,
  parameter: string,
): string[] {
  const given = parameter.split(" ").filter((scope) => scope !== "");
  const names = given.map((scope) => graphName(store, tenant, client, scope));
  const specific = names.filter((name) => !OPENID_SCOPES.includes(name));
  if (names.includes(".default")) {
    if (specific.length > 1) throw new SignInError(70011, { value: parameter });
    return [...new Set([...names.filter((name) => name !== ".default"), ...registered(client, delegated)])];
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

function graphName(store: Store, tenant: Tenant, client: Client, scope: string): string {
  const slash = scope.lastIndexOf("/");
  if (slash === -1) return scope;
  const resource = scope.slice(0, slash).replace(/\/$/, "");
  if (slash === scope.length - 1) throw new SignInError(70011, { value: scope });
  if (graphAudiences(store).includes(resource)) return scope.slice(slash + 1);
  const known = [...tenant.applications.values()].some(
    (a) => a.appId === resource || a.identifierUris.includes(resource),
  );
  if (known || resource === client.application.appId) throw new NotJudged(`a scope of ${resource}`);
  throw new SignInError(500011, { value: resource, tenant: tenant.displayName });
}

function registered(client: Client, delegated: DelegatedPermissions): string[] {
  const ids = client.application.requiredResourceAccess
    .filter((access) => access.resourceAppId === GRAPH_APP_ID)
    .flatMap((access) => access.resourceAccess.filter((a) => a.type === "Scope").map((a) => a.id));
  return Object.entries(delegated).flatMap(([name, [id]]) => (ids.includes(id) ? [name] : []));
}

/** Delegated permissions of Graph that the application may use for this user. */
export function consentedScopes(tenant: Tenant, client: Client, userId: string): string[] {
  const graph = servicePrincipalByAppId(tenant, GRAPH_APP_ID);
  const grants = [...tenant.grants.values()].filter(
    (grant) =>
      grant.clientId === client.principal.id &&
      grant.resourceId === graph?.id &&
      (grant.principalId === undefined || grant.principalId === userId),
  );
  return [...new Set(grants.flatMap((grant) => grant.scope.trim().split(/\s+/)))];
}
