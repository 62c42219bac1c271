import { randomBytes } from "node:crypto";
import type { Configuration, Provider } from "oidc-provider";
import { isAssigned } from "../../store/directory";
import { type Store, secretMatches } from "../../store/store";
import type { Tenant, User } from "../../store/tenant";
import { type Client, findClient } from "../clients";
import { SignInError } from "../errors";
import { Memory } from "./adapter";
import { graphToken, idToken, signInName } from "./claims";
import { failed } from "./in-process";
import { consentedScopes, type DelegatedPermissions } from "./scopes";

/** The authorization server of one tenant. */
export interface SignIn {
  provider: Provider;
  memory: Memory;
}

/**
 * The name that `offline_access` has inside oidc-provider, which otherwise drops it from every request that does not
 * ask for consent again; Entra gives refresh tokens without that.
 */
const OFFLINE = "offline";
export const inside = (scope: string) => (scope === "offline_access" ? OFFLINE : scope);
export const outside = (scope: string) => (scope === OFFLINE ? "offline_access" : scope);

/** Where the response mode waits while a person signs in: oidc-provider always answers in the query. */
export const RESPONSE_MODE = "entra_response_mode";

/** That an administrator is to consent for everybody, and to which scope; it may be empty, the parameter may not. */
export const ADMIN_CONSENT = "entra_admin_consent";
export const askedFor = (scope: string) => `scope:${scope}`;
export const scopeAsked = (parameter: string) => parameter.slice("scope:".length);

/** What the scopes of an oidc-provider stand for in Entra. */
export function scopesOf(scope: string | undefined): string[] {
  return (scope ?? "").split(" ").filter(Boolean).map(outside);
}

/** Where a person signs in and consents, below the tenant. */
export const INTERACTION_PATH = "signin";

/** The provider of each tenant, made when it is first asked for and forgotten with the tenant. */
export function signIns(store: Store, delegated: DelegatedPermissions): (tenant: Tenant) => SignIn {
  const made = new WeakMap<Tenant, SignIn>();
  return (tenant) => {
    const signIn = made.get(tenant) ?? newSignIn(store, tenant, delegated);
    made.set(tenant, signIn);
    return signIn;
  };
}

/**
 * oidc-provider says at loading that it is not tried with Node.js 20. This project's tests are that trial, and whoever
 * runs the twin cannot do anything about it.
 */
function load(): typeof import("oidc-provider") {
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

function newSignIn(store: Store, tenant: Tenant, delegated: DelegatedPermissions): SignIn {
  const { Provider, interactionPolicy } = load();
  const { Check, Prompt } = interactionPolicy;
  const memory = new Memory(store, tenant);
  const userOf = (id: string | undefined) => tenant.users.get(id ?? "");
  const policy = interactionPolicy.base();
  policy.add(new Prompt({ name: "select_account", requestable: true }), 0);
  policy.add(
    new Prompt(
      { name: "admission", requestable: false },
      new Check("refused", "may not use this application", ({ oidc }) => {
        const user = userOf(oidc.session?.accountId);
        if (user && oidc.client) {
          const forOthers = oidc.params?.[ADMIN_CONSENT] !== undefined;
          admit(tenant, findClient(tenant, oidc.client.clientId), user, forOthers);
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
        const asked = oidc.params?.[ADMIN_CONSENT] !== undefined && !oidc.result?.admin_consent;
        return asked ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
      }),
    ),
    3,
  );

  const configuration: Configuration = {
    adapter: (kind: string) => memory.adapter(kind),
    claims: { openid: ["sub"] },
    cookies: {
      keys: [randomBytes(32).toString("base64url")],
      // Tenants share an origin, so their cookies are told apart by name.
      names: {
        session: `ESTSAUTH-${tenant.id}`,
        interaction: `interaction-${tenant.id}`,
        resume: `resume-${tenant.id}`,
      },
      long: { httpOnly: true, sameSite: "lax", path: `/${tenant.id}` },
    },
    extraParams: [RESPONSE_MODE, ADMIN_CONSENT],
    // Two windows of one browser may sign in at a time, and refresh tokens outlive the session.
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
      const user = userOf(id);
      if (!user) return undefined;
      if (token && "clientId" in token) admit(tenant, findClient(tenant, String(token.clientId)), user);
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
      const consented = consentedScopes(tenant, findClient(tenant, client.clientId), account.accountId);
      grant.addOIDCScope(consented.map(inside).join(" "));
      // Who consents for everybody signs in to do that, and gets no tokens.
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
    scopes: Object.keys(delegated).map(inside),
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
    provider.on(event as "server_error", (ctx, error) => failed(ctx.res, error));
  }

  // Redirect URIs and secrets are those of the application in the store, the tokens are Entra's, the clock the twin's.
  const clientOf = (id: string | undefined): Client => findClient(tenant, id ?? "");
  const signedIn = (appId: string | undefined, userId: string | undefined) => {
    const user = userOf(userId);
    if (!user) throw new SignInError(70000, {});
    return { tenant, client: clientOf(appId), user };
  };
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: { clientId: string }, uri: string): boolean {
      return clientOf(this.clientId).application.web.redirectUris.includes(uri);
    },
    async compareClientSecret(this: { clientId: string }, secret: string): Promise<boolean> {
      return clientOf(this.clientId).application.passwords.some(({ hash }) => secretMatches(hash, secret));
    },
  });
  provider.AccessToken.prototype.save = async function () {
    const who = signedIn(this.clientId, this.accountId);
    const consented = consentedScopes(tenant, who.client, who.user.id);
    if (scopesOf(this.scope).some((scope) => !consented.includes(scope))) throw notConsented(who.client);
    return graphToken(
      store,
      who,
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
      const who = signedIn(this.client.clientId, this.available.sub);
      return idToken(store, who, { scopes: scopesOf(this.scope), nonce: this.extra.nonce });
    },
  });
  for (const model of [provider.AuthorizationCode, provider.RefreshToken]) {
    Object.defineProperty(model.prototype, "isExpired", {
      get(this: { kind: string; jti: string }) {
        return memory.expired(this.kind, this.jti);
      },
    });
  }
  return { provider, memory };
}

/** The refusal of an application that nobody consented to. */
export function notConsented({ application }: Client): SignInError {
  return new SignInError(65001, { app: application.appId, name: application.displayName });
}

/**
 * Whether a user may use an application at all.
 *
 * @param forOthers the user is to consent for everybody, for which they need not be assigned
 * @throws SignInError 50057, 50105
 */
function admit(tenant: Tenant, { application, principal }: Client, user: User, forOthers = false): void {
  if (!user.accountEnabled) throw new SignInError(50057, {});
  if (forOthers) return;
  if (principal.appRoleAssignmentRequired && !isAssigned(tenant, user.id, principal.id)) {
    throw new SignInError(50105, {
      app: application.appId,
      name: application.displayName,
      value: signInName(user),
    });
  }
}
