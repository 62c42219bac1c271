import { randomBytes } from "node:crypto";
import type { Configuration, Provider } from "oidc-provider";
import { DEFAULT_ROLE, findAssignments } from "../../store/directory";
import { type Store, secretMatches } from "../../store/store";
import type { EntraTenant, User } from "../../store/tenant";
import { findClient, type TenantClient } from "../clients";
import { EntraNotServed, SignInError } from "../errors";
import { ProviderMemory } from "./adapter";
import { createGraphToken, createIdToken, getSignInName } from "./claims";
import { recordFailure } from "./in-process";
import { type DelegatedPermissions, listConsentedScopes } from "./scopes";

/** The authorization server of one tenant. */
export interface TenantSignIn {
  provider: Provider;
  memory: ProviderMemory;
}

/**
 * The name of `offline_access` inside oidc-provider, which drops that scope from requests without a consent prompt;
 * Entra issues refresh tokens without one.
 */
const OFFLINE = "offline";
export const toProviderScope = (scope: string) => (scope === "offline_access" ? OFFLINE : scope);
export const fromProviderScope = (scope: string) => (scope === OFFLINE ? "offline_access" : scope);

/** The parameter that keeps the response mode during sign-in, because oidc-provider always replies in the query. */
export const RESPONSE_MODE = "entra_response_mode";

/** The parameter that requests admin consent, with the scope. Its prefix is needed because a scope may be empty. */
export const ADMIN_CONSENT = "entra_admin_consent";
export const encodeConsentScope = (scope: string) => `scope:${scope}`;
export const decodeConsentScope = (parameter: string) => parameter.slice("scope:".length);

/** Parses scopes of oidc-provider to those of Entra. */
export function parseProviderScopes(scope: string | undefined): string[] {
  return (scope ?? "").split(" ").filter(Boolean).map(fromProviderScope);
}

/** Path of the sign-in and consent pages below the tenant. */
export const INTERACTION_PATH = "signin";

/** Creates a lookup that creates the provider of a tenant on first use and forgets it with the tenant. */
export function createSignInLookup(
  store: Store,
  delegated: DelegatedPermissions,
): (tenant: EntraTenant) => TenantSignIn {
  const signIns = new WeakMap<EntraTenant, TenantSignIn>();
  return (tenant) => {
    const signIn = signIns.get(tenant) ?? createTenantSignIn(store, tenant, delegated);
    signIns.set(tenant, signIn);
    return signIn;
  };
}

/**
 * Loads oidc-provider without its warning that Node.js 20 is unsupported: the tests of this project cover it, and users
 * of the twin cannot act on it.
 */
function loadProvider(): typeof import("oidc-provider") {
  const { warn } = console;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes("Unsupported runtime")) warn(...args);
  };
  try {
    return require("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

function createTenantSignIn(
  store: Store,
  tenant: EntraTenant,
  delegated: DelegatedPermissions,
): TenantSignIn {
  const { Provider, interactionPolicy } = loadProvider();
  const { Check, Prompt } = interactionPolicy;
  const memory = new ProviderMemory(store, tenant);
  const getUser = (id: string | undefined) => tenant.users.get(id ?? "");
  const policy = interactionPolicy.base();
  policy.add(new Prompt({ name: "select_account", requestable: true }), 0);
  policy.add(
    new Prompt(
      { name: "admission", requestable: false },
      new Check("refused", "may not use this application", ({ oidc }) => {
        const user = getUser(oidc.session?.accountId);
        if (user && oidc.client) {
          const forAllUsers = oidc.params?.[ADMIN_CONSENT] !== undefined;
          requireAdmission(tenant, findClient(tenant, oidc.client.clientId), user, forAllUsers);
        }
        return Check.NO_NEED_TO_PROMPT;
      }),
    ),
    2,
  );
  policy.add(
    new Prompt(
      { name: "admin_consent", requestable: false },
      new Check("asked", "an administrator has to consent", ({ oidc }) => {
        const isRequested = oidc.params?.[ADMIN_CONSENT] !== undefined && !oidc.result?.admin_consent;
        return isRequested ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
      }),
    ),
    3,
  );

  const configuration: Configuration = {
    adapter: (kind: string) => memory.createAdapter(kind),
    claims: { openid: ["sub"] },
    cookies: {
      keys: [randomBytes(32).toString("base64url")],
      // Tenants share an origin, so each has its own cookie names.
      names: {
        session: `ESTSAUTH-${tenant.id}`,
        interaction: `interaction-${tenant.id}`,
        resume: `resume-${tenant.id}`,
      },
      long: { httpOnly: true, sameSite: "lax", path: `/${tenant.id}` },
    },
    extraParams: [RESPONSE_MODE, ADMIN_CONSENT],
    // Two windows of a browser may sign in at the same time, and refresh tokens outlive the session.
    expiresWithSession: async () => false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    findAccount(_ctx, id, token) {
      const user = getUser(id);
      if (!user) return undefined;
      if (token && "clientId" in token)
        requireAdmission(tenant, findClient(tenant, String(token.clientId)), user);
      return { accountId: id, claims: () => ({ sub: id }) };
    },
    interactions: { policy, url: (_ctx, { uid }) => `/${tenant.id}/${INTERACTION_PATH}/${uid}` },
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed("refresh_token") && code.scopes.has(OFFLINE),
    jwks: {
      keys: [
        { ...store.signingKey.privateKey.export({ format: "jwk" }), kid: store.signingKey.kid, use: "sig" },
      ],
    },
    async loadExistingGrant({ oidc }) {
      const { client, account, provider } = oidc;
      if (!client || !account) return undefined;
      const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
      const consented = listConsentedScopes(tenant, findClient(tenant, client.clientId), account.accountId);
      grant.addOIDCScope(consented.map(toProviderScope).join(" "));
      // An administrator who only consents receives no tokens.
      if (oidc.params?.[ADMIN_CONSENT] !== undefined) grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
    pkce: { required: () => false },
    renderError(ctx, out) {
      ctx.body = out;
    },
    responseTypes: ["code"],
    rotateRefreshToken: false,
    routes: {
      authorization: "/oauth2/v2.0/authorize",
      jwks: "/discovery/v2.0/keys",
      token: "/oauth2/v2.0/token",
    },
    scopes: Object.keys(delegated).map(toProviderScope),
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 600,
      Grant: 90 * 86400,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 90 * 86400,
      Session: 86400,
    },
  };

  const provider = new Provider(`${store.microsoftOrigin}/${tenant.id}/v2.0`, configuration);
  for (const event of ["authorization.error", "grant.error", "server_error"] as const) {
    provider.on(event as "server_error", (ctx, error) => recordFailure(ctx.res, error));
  }

  // Overrides of oidc-provider: redirect URIs and secrets come from the store, tokens have Entra's form, time is the twin's.
  const getClient = (id: string | undefined): TenantClient => findClient(tenant, id ?? "");
  const getUserSignIn = (appId: string | undefined, userId: string | undefined) => {
    const user = getUser(userId);
    if (!user) throw new SignInError(70000, {});
    return { tenant, client: getClient(appId), user };
  };
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: { clientId: string }, uri: string): boolean {
      return getClient(this.clientId).application.web.redirectUris.includes(uri);
    },
    async compareClientSecret(this: { clientId: string }, secret: string): Promise<boolean> {
      return getClient(this.clientId).application.passwords.some(({ hash }) => secretMatches(hash, secret));
    },
  });
  provider.AccessToken.prototype.save = async function () {
    const signIn = getUserSignIn(this.clientId, this.accountId);
    const consented = listConsentedScopes(tenant, signIn.client, signIn.user.id);
    if (parseProviderScopes(this.scope).some((scope) => !consented.includes(scope)))
      throw createNotConsentedError(signIn.client);
    return createGraphToken(
      store,
      signIn,
      consented.filter((scope) => scope !== "offline_access"),
    );
  };
  Object.assign(provider.IdToken.prototype, {
    issue(this: {
      client: { clientId: string };
      available: { sub: string };
      extra: { nonce?: string };
      scope: string;
    }) {
      const signIn = getUserSignIn(this.client.clientId, this.available.sub);
      return createIdToken(store, signIn, {
        scopes: parseProviderScopes(this.scope),
        nonce: this.extra.nonce,
      });
    },
  });
  for (const model of [provider.AuthorizationCode, provider.RefreshToken]) {
    Object.defineProperty(model.prototype, "isExpired", {
      get(this: { kind: string; jti: string }) {
        return memory.isExpired(this.kind, this.jti);
      },
    });
  }
  return { provider, memory };
}

/** Creates the error for an application without consent. */
export function createNotConsentedError({ application }: TenantClient): SignInError {
  return new SignInError(65001, { app: application.appId, name: application.displayName });
}

/**
 * Requires that a user may use an application.
 *
 * @param forAllUsers the user only gives admin consent, which needs no assignment
 * @throws SignInError 50057, 50105; EntraNotServed where Microsoft does not document who may sign in
 */
function requireAdmission(
  tenant: EntraTenant,
  { application, principal }: TenantClient,
  user: User,
  forAllUsers = false,
): void {
  if (!user.accountEnabled) throw new SignInError(50057, {});
  if (forAllUsers) return;
  if (!principal.appRoleAssignmentRequired) return;
  const assigned = findAssignments(tenant, user.id, principal.id).map(({ appRoleId }) => appRoleId);
  const roles = [DEFAULT_ROLE, ...application.appRoles.filter((role) => role.isEnabled).map(({ id }) => id)];
  if (assigned.length === 0)
    throw new SignInError(50105, {
      app: application.appId,
      name: application.displayName,
      value: getSignInName(user),
    });
  if (!assigned.some((role) => roles.includes(role)))
    throw new EntraNotServed("an assignment by an app role that is disabled or gone");
}
