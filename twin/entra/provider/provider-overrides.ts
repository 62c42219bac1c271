import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import type { EntraTenant } from "../../store/entra/tenant";
import { matchesSecretHash } from "../../store/secrets";
import type { Store } from "../../store/store";
import { findClient, type TenantClient } from "../clients";
import { readContexts } from "../conditional-access/prompt";
import { SignInError } from "../errors";
import { createGraphToken, createIdToken } from "../sign-in/claims";
import { listConsentedScopes } from "../sign-in/scopes";
import type { ProviderMemory } from "./adapter";
import { parseProviderScopes } from "./provider-parameters";

/** The version of oidc-provider that the overrides were tried with; most of what they replace is not its public API. */
export const TRIED_VERSION = "9.13.3";

/**
 * Replaces what no setting of oidc-provider can change: redirect URIs and client secrets come from the store, tokens have
 * Entra's form, and codes and refresh tokens expire by the twin's clock.
 */
export function overrideProvider(
  provider: Provider,
  { store, tenant, memory }: { store: Store; tenant: EntraTenant; memory: ProviderMemory },
): void {
  const getUserSignIn = (appId: string | undefined, userId: string | undefined) => {
    const user = tenant.users.get(userId ?? "");
    if (!user) throw new SignInError(70000, {});
    return { tenant, client: findClient(tenant, appId ?? ""), user };
  };
  Object.assign(provider.Client.prototype, {
    redirectUriAllowed(this: { clientId: string }, uri: string): boolean {
      return findClient(tenant, this.clientId).application.web.redirectUris.includes(uri);
    },
    async compareClientSecret(this: { clientId: string }, secret: string): Promise<boolean> {
      return findClient(tenant, this.clientId).application.passwords.some(({ hash }) =>
        matchesSecretHash(hash, secret),
      );
    },
  });
  provider.AccessToken.prototype.save = async function () {
    const signIn = getUserSignIn(this.clientId, this.accountId);
    const consented = listConsentedScopes(tenant, signIn.client, signIn.user.id);
    const { amr } = findGrant(provider);
    if (parseProviderScopes(this.scope).some((scope) => !consented.includes(scope)))
      throw createNotConsentedError(signIn.client);
    return createGraphToken(
      store,
      { ...signIn, amr },
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
        contexts: findGrant(provider).contexts,
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
}

/** Finds the authentication methods of the code or refresh token of a request, and the contexts that a code was issued for. */
function findGrant(provider: Provider): { amr: string[]; contexts: string[] } {
  const { ctx } = provider.constructor as unknown as { ctx?: KoaContextWithOIDC };
  const { AuthorizationCode: code, RefreshToken: token } = ctx?.oidc.entities ?? {};
  return { amr: code?.amr ?? token?.amr ?? [], contexts: readContexts(code?.claims) };
}

/** Creates the error for an application without consent. */
function createNotConsentedError({ application }: TenantClient): SignInError {
  return new SignInError(65001, { app: application.appId, name: application.displayName });
}
