import { applicationByAppId, type Store, secretMatches, servicePrincipalByAppId } from "../store/store";
import type { Application, ServicePrincipal, Tenant } from "../store/tenant";
import { NotJudged, SignInError } from "./errors";

/** Names that stand for any tenant. */
export const ANY_TENANT = ["common", "organizations", "consumers"];

/** An application as a tenant knows it. */
export interface Client {
  application: Application;
  principal: ServicePrincipal;
}

/** The tenant of a path, by id or domain. @throws SignInError 90002 */
export function findTenant(store: Store, name: string): Tenant {
  if (ANY_TENANT.includes(name)) throw new NotJudged(`tenant ${name}`);
  const wanted = name.toLowerCase();
  const found = [...store.tenants.values()].find((t) => t.id === wanted || t.domain === wanted);
  if (!found) throw new SignInError(90002, { value: name });
  return found;
}

/** The application, if it has a service principal in the tenant. @throws SignInError 700016 */
export function findClient(tenant: Tenant, clientId: string): Client {
  const principal = servicePrincipalByAppId(tenant, clientId);
  const application = applicationByAppId(tenant, clientId);
  if (!principal || !application) {
    throw new SignInError(700016, { value: clientId, tenant: tenant.displayName });
  }
  return { application, principal };
}

/** Entra names the tenant, then the client, then its secret: the first that is wrong is the one reported. */
export function authenticate(store: Store, tenant: Tenant, clientId: string, secret: string | null): Client {
  const client = findClient(tenant, clientId);
  const { application, principal } = client;
  if (!secret) throw new SignInError(7000216, {});
  const password = application.passwords.find((p) => store.hasSpread(p) && secretMatches(p.hash, secret));
  if (!password) throw new SignInError(7000215, { value: application.appId });
  const now = store.now().getTime();
  if (Date.parse(password.endDateTime) <= now) throw new SignInError(7000222, { value: application.appId });
  if (Date.parse(password.startDateTime) > now) throw new NotJudged("a secret that is not valid yet");
  if (!principal.accountEnabled) {
    throw new SignInError(7000112, { value: application.appId, name: application.displayName });
  }
  return client;
}
