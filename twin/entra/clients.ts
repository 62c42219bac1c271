import type { AppRegistration, EntraTenant, ServicePrincipal } from "../store/entra/tenant";
import { matchesSecretHash } from "../store/secrets";
import { findApplicationByAppId, findPrincipalByAppId, type Store } from "../store/store";
import { EntraNotServed, SignInError } from "./errors";

/** Tenant aliases for any tenant. */
export const ANY_TENANT = ["common", "organizations", "consumers"];

/** An application with its service principal in a tenant. */
export interface TenantClient {
  application: AppRegistration;
  principal: ServicePrincipal;
}

/** Finds a tenant by id or domain. @throws SignInError 90002 */
export function findTenant(store: Store, name: string): EntraTenant {
  if (ANY_TENANT.includes(name)) throw new EntraNotServed(`tenant ${name}`);
  const key = name.toLowerCase();
  const tenant = [...store.tenants.values()].find(({ id, domain }) => id === key || domain === key);
  if (!tenant) throw new SignInError(90002, { value: name });
  return tenant;
}

/** Finds an application that has a service principal in the tenant. @throws SignInError 700016 */
export function findClient(tenant: EntraTenant, clientId: string): TenantClient {
  const principal = findPrincipalByAppId(tenant, clientId);
  const application = findApplicationByAppId(tenant, clientId);
  if (!principal || !application) {
    throw new SignInError(700016, { value: clientId, tenant: tenant.displayName });
  }
  return { application, principal };
}

/** A client at the replica of the token endpoint that authenticates it. */
export interface AuthenticatingClient extends TenantClient {
  replica: number;
}

/**
 * Finds a client at one replica of the token endpoint. As in Entra, errors of the tenant come first, then the client's,
 * then those of its secret or assertion.
 */
export function findAuthenticatingClient(
  store: Store,
  tenant: EntraTenant,
  clientId: string,
): AuthenticatingClient {
  const replica = store.takeReplica();
  const own = findPrincipalByAppId(tenant, clientId);
  if (findApplicationByAppId(tenant, clientId) && !(own && store.hasPropagatedPrincipal(own, replica)))
    throw new SignInError(7000229, { value: clientId, tenant: tenant.id });
  return { ...findClient(tenant, clientId), replica };
}

/** Verifies a client secret. @throws SignInError */
export function verifySecret(
  store: Store,
  { application, replica }: AuthenticatingClient,
  secret: string | null,
): void {
  if (!secret) throw new SignInError(7000216, {});
  const password = application.passwords.find(
    (p) => store.hasPropagated(p, replica) && matchesSecretHash(p.hash, secret),
  );
  if (!password) throw new SignInError(7000215, { value: application.appId });
  const now = store.now().getTime();
  if (Date.parse(password.endDateTime) <= now) throw new SignInError(7000222, { value: application.appId });
  if (Date.parse(password.startDateTime) > now) throw new EntraNotServed("a secret that is not valid yet");
}

/** @throws SignInError 7000112 for a client that was disabled */
export function requireEnabled({ application, principal }: TenantClient): void {
  if (!principal.accountEnabled)
    throw new SignInError(7000112, { value: application.appId, name: application.displayName });
}
