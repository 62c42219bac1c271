import { randomBytes } from "node:crypto";
import type { Configuration, Provider } from "oidc-provider";
import { DEFAULT_ROLE, findAssignments } from "../../store/entra/directory";
import type { EntraTenant, User } from "../../store/entra/tenant";
import type { Store } from "../../store/store";
import { findClient, type TenantClient } from "../clients";
import { createConditionalAccessPrompt, logSuccess } from "../conditional-access/prompt";
import { EntraNotServed, SignInError } from "../errors";
import { getSignInName } from "../sign-in/claims";
import { type DelegatedPermissions, listConsentedScopes } from "../sign-in/scopes";
import { ProviderMemory } from "./adapter";
import { recordFailure } from "./in-process";
import { overrideProvider } from "./provider-overrides";
import { ADMIN_CONSENT, INTERACTION_PATH, RESPONSE_MODE, toProviderScope } from "./provider-parameters";

/** The authorization server of one tenant. */
export interface TenantSignIn {
  provider: Provider;
  memory: ProviderMemory;
}

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
  policy.get("login")?.checks.add(
    new Check("deleted_user", "the user of the session does not exist any more", ({ oidc }) => {
      const { accountId } = oidc.session ?? {};
      return accountId && !getUser(accountId) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
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
  policy.add(createConditionalAccessPrompt(store, tenant, interactionPolicy), 3);

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
      claimsParameter: { enabled: true },
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
      client.grantTypeAllowed("refresh_token") && code.scopes.has(toProviderScope("offline_access")),
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

  provider.on("authorization.success", (ctx) => {
    if (ctx.oidc.params?.response_type === "code") logSuccess(store, tenant, ctx);
  });

  overrideProvider(provider, { store, tenant, memory });
  return { provider, memory };
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
