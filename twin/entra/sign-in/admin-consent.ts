import type { Context } from "hono";
import type { TwinEnv } from "../../http/requests";
import { consentTo } from "../../store/consent";
import { applicationByAppId, GRAPH_APP_ID, servicePrincipalByAppId } from "../../store/store";
import type { Tenant } from "../../store/tenant";
import { type Client, findClient, findTenant } from "../clients";
import { NotJudged, SignInError } from "../errors";
import { applicationText, delegatedText, type PermissionText } from "../permission-texts/texts";
import { type ReplyTo, refuse } from "./answer";
import { conclude, headers, isEncrypted, redirectUri, required, type SignInService } from "./authorize";
import { ask } from "./in-process";
import { ADMIN_CONSENT, askedFor, inside } from "./provider";
import { requestedScopes } from "./scopes";

const PARAMETERS = ["client_id", "redirect_uri", "scope", "state"];

/** What the endpoint of version 1.0 asks for: everything that the application registers. */
const REGISTERED = ".default";

/**
 * `/{tenant}/v2.0/adminconsent`, and `/{tenant}/adminconsent`, which has no `scope`: an administrator signs in and
 * consents for everybody in the tenant.
 *
 * Sources: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent and, for the other one,
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#request-the-permissions-from-a-directory-admin
 */
export function adminConsent(version: "v1.0" | "v2.0") {
  return async (c: Context<TwinEnv>, service: SignInService): Promise<Response> => {
    const given = new URL(c.req.url).searchParams;
    const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
    const client = clientOf(tenant, required(given, "client_id"));
    c.set("caller", client.application.displayName);
    const known = version === "v2.0" ? PARAMETERS : PARAMETERS.filter((name) => name !== "scope");
    const unknown = [...given.keys()].find((name) => !known.includes(name));
    if (unknown !== undefined) throw new NotJudged(`parameter ${unknown}`);
    const scope = version === "v2.0" ? required(given, "scope") : "";
    const replyTo: ReplyTo = {
      redirectUri: redirectUri(client.application, required(given, "redirect_uri")),
      responseMode: "query",
      state: given.get("state") ?? undefined,
      adminConsent: { tenant: tenant.id, scope },
    };
    try {
      permissionsAsked(service, tenant, client, scope);
    } catch (error) {
      if (error instanceof SignInError) return refuse(replyTo, error, service.store.now());
      throw error;
    }
    const query = new URLSearchParams({
      client_id: client.application.appId,
      redirect_uri: replyTo.redirectUri,
      response_type: "code",
      scope: inside("openid"),
      [ADMIN_CONSENT]: askedFor(scope),
      // Whoever is signed in at the moment need not be an administrator.
      prompt: "select_account",
      ...(replyTo.state === undefined ? {} : { state: replyTo.state }),
    });
    const reply = await ask(service.of(tenant).provider, {
      method: "GET",
      encrypted: isEncrypted(c),
      mount: `/${tenant.id}`,
      path: `/oauth2/v2.0/authorize?${query}`,
      headers: headers(c),
    });
    return conclude(service, client, replyTo, reply, false);
  };
}

/** An application that the tenant registers and has no service principal gets one in life. */
function clientOf(tenant: Tenant, clientId: string): Client {
  if (applicationByAppId(tenant, clientId) && !servicePrincipalByAppId(tenant, clientId)) {
    throw new NotJudged("consent to an application without a service principal");
  }
  return findClient(tenant, clientId);
}

/** Names of the permissions that a request asks an administrator for. */
export interface PermissionsAsked {
  delegated: string[];
  application: string[];
}

/** @param scope of the request, empty for what is registered @throws SignInError as {@link requestedScopes} */
export function permissionsAsked(
  service: SignInService,
  tenant: Tenant,
  client: Client,
  scope: string,
): PermissionsAsked {
  const wanted = scope === "" ? REGISTERED : scope;
  const delegated = requestedScopes(service.store, tenant, client, service.permissions.delegated, wanted);
  const everything = wanted.split(" ").some((name) => name === REGISTERED || name.endsWith(`/${REGISTERED}`));
  const asked = { delegated, application: everything ? registeredRoles(service, client) : [] };
  if (asked.delegated.length + asked.application.length === 0) {
    throw new NotJudged("an application that registers no permissions");
  }
  return asked;
}

function registeredRoles(service: SignInService, { application }: Client): string[] {
  const other = application.requiredResourceAccess.find(
    ({ resourceAppId }) => resourceAppId !== GRAPH_APP_ID,
  );
  if (other) throw new NotJudged(`permissions of ${other.resourceAppId}`);
  const ids = application.requiredResourceAccess.flatMap(({ resourceAccess }) =>
    resourceAccess.filter(({ type }) => type === "Role").map(({ id }) => id),
  );
  return Object.entries(service.permissions.application).flatMap(([name, id]) =>
    ids.includes(id) ? [name] : [],
  );
}

/** How the permissions are put to the administrator. */
export function textsOf({ application, delegated }: PermissionsAsked): PermissionText[] {
  return [
    ...delegated.map((name) => delegatedText(name, "administrator")),
    ...application.map(applicationText),
  ];
}

/** Keeps an administrator's consent for everybody. What was consented to before stays. */
export function consentForEverybody(tenant: Tenant, { principal }: Client, asked: PermissionsAsked): void {
  if (asked.delegated.length > 0) consentTo(tenant, principal, asked.delegated);
  principal.applicationPermissions = [
    ...new Set([...principal.applicationPermissions, ...asked.application]),
  ];
}
