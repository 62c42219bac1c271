import type { Context } from "hono";
import type { TwinEnv } from "../../http/requests";
import { grantConsent } from "../../store/entra/consent";
import type { EntraTenant } from "../../store/entra/tenant";
import { findApplicationByAppId, findPrincipalByAppId, GRAPH_APP_ID } from "../../store/store";
import { findClient, findTenant, type TenantClient } from "../clients";
import { EntraNotServed, SignInError } from "../errors";
import { refuseUnknownParameters, requireParameter } from "../parameters";
import { getApplicationText, getDelegatedText, type PermissionText } from "../permission-texts/texts";
import { ADMIN_CONSENT, encodeConsentScope, toProviderScope } from "../provider/provider-parameters";
import {
  concludeAuthorization,
  forwardToProvider,
  resolveRedirectUri,
  type SignInService,
} from "../sign-in/authorize";
import { type ReplyTarget, replyRefused } from "../sign-in/reply";
import { resolveScopes } from "../sign-in/scopes";

const PARAMETERS = ["client_id", "redirect_uri", "scope", "state"];

/** The scope for all registered permissions of the application, which the version 1.0 endpoint always requests. */
const REGISTERED = ".default";

/**
 * Creates the handler of `/{tenant}/v2.0/adminconsent`, or of `/{tenant}/adminconsent`, which has no `scope`: an
 * administrator signs in and consents for all users of the tenant.
 *
 * Sources: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent and, for version 1.0,
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#request-the-permissions-from-a-directory-admin
 */
export function createAdminConsentHandler(version: "v1.0" | "v2.0") {
  return async (c: Context<TwinEnv>, service: SignInService): Promise<Response> => {
    const given = new URL(c.req.url).searchParams;
    const tenant = findTenant(service.store, c.req.param("tenant") ?? "");
    const client = findClientForConsent(tenant, requireParameter(given, "client_id"));
    c.set("caller", client.application.displayName);
    const known = version === "v2.0" ? PARAMETERS : PARAMETERS.filter((name) => name !== "scope");
    refuseUnknownParameters(given, known);
    const scope = version === "v2.0" ? requireParameter(given, "scope") : "";
    const replyTo: ReplyTarget = {
      redirectUri: resolveRedirectUri(client.application, requireParameter(given, "redirect_uri")),
      responseMode: "query",
      state: given.get("state") ?? undefined,
      adminConsent: { tenant: tenant.id, scope },
    };
    try {
      resolveRequestedPermissions(service, tenant, client, scope);
    } catch (error) {
      if (error instanceof SignInError) return replyRefused(replyTo, error, service.store.now());
      throw error;
    }
    const query = new URLSearchParams({
      client_id: client.application.appId,
      redirect_uri: replyTo.redirectUri,
      response_type: "code",
      scope: toProviderScope("openid"),
      [ADMIN_CONSENT]: encodeConsentScope(scope),
      // The signed-in user may not be an administrator.
      prompt: "select_account",
      ...(replyTo.state === undefined ? {} : { state: replyTo.state }),
    });
    const reply = await forwardToProvider(c, service, tenant, `/oauth2/v2.0/authorize?${query}`);
    return concludeAuthorization(service, client, replyTo, reply, false);
  };
}

/** Finds the client. Entra would create a missing service principal, which the twin does not. */
function findClientForConsent(tenant: EntraTenant, clientId: string): TenantClient {
  if (findApplicationByAppId(tenant, clientId) && !findPrincipalByAppId(tenant, clientId)) {
    throw new EntraNotServed("consent to an application without a service principal");
  }
  return findClient(tenant, clientId);
}

/** Names of the permissions that an administrator is asked to consent to. */
export interface RequestedPermissions {
  delegated: string[];
  application: string[];
}

/** Resolves a request for consent. @param scope empty for all registered permissions @throws SignInError as {@link resolveScopes} */
export function resolveRequestedPermissions(
  service: SignInService,
  tenant: EntraTenant,
  client: TenantClient,
  scope: string,
): RequestedPermissions {
  const requested = scope === "" ? REGISTERED : scope;
  const delegated = resolveScopes(service.store, tenant, client, service.permissions.delegated, requested);
  const includesRegistered = requested
    .split(" ")
    .some((name) => name === REGISTERED || name.endsWith(`/${REGISTERED}`));
  const permissions = {
    delegated,
    application: includesRegistered ? listRegisteredRoles(service, client) : [],
  };
  if (permissions.delegated.length + permissions.application.length === 0) {
    throw new EntraNotServed("an application that registers no permissions");
  }
  return permissions;
}

function listRegisteredRoles(service: SignInService, { application }: TenantClient): string[] {
  const other = application.requiredResourceAccess.find(
    ({ resourceAppId }) => resourceAppId !== GRAPH_APP_ID,
  );
  if (other) throw new EntraNotServed(`permissions of ${other.resourceAppId}`);
  const ids = application.requiredResourceAccess.flatMap(({ resourceAccess }) =>
    resourceAccess.filter(({ type }) => type === "Role").map(({ id }) => id),
  );
  return Object.entries(service.permissions.application).flatMap(([name, id]) =>
    ids.includes(id) ? [name] : [],
  );
}

/** Returns the texts of permissions for an administrator. */
export function getPermissionTexts({ application, delegated }: RequestedPermissions): PermissionText[] {
  return [
    ...delegated.map((name) => getDelegatedText(name, "administrator")),
    ...application.map(getApplicationText),
  ];
}

/** Grants an administrator's consent for all users, in addition to earlier consent. */
export function grantAdminConsent(
  tenant: EntraTenant,
  { principal }: TenantClient,
  permissions: RequestedPermissions,
): void {
  if (permissions.delegated.length > 0) grantConsent(tenant, principal, permissions.delegated);
  principal.applicationPermissions = [
    ...new Set([...principal.applicationPermissions, ...permissions.application]),
  ];
}
