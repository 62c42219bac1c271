import { readFileSync } from "node:fs";
import * as client from "openid-client";
import { Agent, fetch } from "undici";
import type { Account, EntraProvider } from "../../store/cloudflare/account";
import type { Store } from "../../store/store";
import { AccessError } from "../errors";

/**
 * The scopes that Access requests: the registered permissions of the application. Cloudflare does not document this; it
 * follows from the fact that an application with fewer permissions works until groups are read.
 */
const SCOPE = "openid profile email offline_access https://graph.microsoft.com/.default";

/** The values that tie an answer of Entra to its request. */
export interface LoginChecks {
  state: string;
  nonce: string;
  /** Proof Key for Code Exchange, for identity providers that have it enabled. */
  verifier: string;
}

/** The claims of the signed-in user, and the access token for reading groups. */
export interface EntraSignInResult {
  claims: client.IDToken;
  accessToken: string;
}

type Keys = ReturnType<typeof client.getJwksCache>;

/** Metadata and keys of an Entra tenant. */
interface Issuer {
  metadata: client.ServerMetadata;
  keys?: Keys;
}

/** The client that Access uses toward Entra, over HTTPS with keep-alive. */
export class RelyingParty {
  private readonly agent: Agent;
  private readonly issuers = new WeakMap<Account, Map<string, Issuer>>();

  /** @param caFile PEM of the authority to trust */
  constructor(
    private readonly store: Store,
    caFile: string,
  ) {
    this.agent = new Agent({ connect: { ca: readFileSync(caFile) } });
  }

  /**
   * Creates the sign-in URL. A wrong tenant, application or redirect URI is left for Entra to report.
   *
   * @param contexts authentication contexts that the id token must have
   */
  async createAuthorizationUrl(
    account: Account,
    provider: EntraProvider,
    checks: LoginChecks,
    contexts: readonly string[] = [],
  ): Promise<URL> {
    const tenant = this.getTenantUrl(provider);
    const metadata = { issuer: `${tenant}/v2.0`, authorization_endpoint: `${tenant}/oauth2/v2.0/authorize` };
    const { client_id, pkce_enabled, prompt } = provider.config;
    return client.buildAuthorizationUrl(new client.Configuration(metadata, String(client_id)), {
      redirect_uri: getCallbackUrl(account),
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      ...(typeof prompt === "string" ? { prompt } : {}),
      ...(contexts.length > 0 ? { claims: formatClaimsRequest(contexts) } : {}),
      ...(pkce_enabled
        ? {
            code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
            code_challenge_method: "S256",
          }
        : {}),
    });
  }

  /**
   * Redeems the code of Entra's answer and validates the id token: signature, issuer, audience, time and nonce.
   *
   * @param query of the callback
   * @throws AccessError with Entra's message
   */
  async redeemCode(
    account: Account,
    provider: EntraProvider,
    query: string,
    checks: LoginChecks,
  ): Promise<EntraSignInResult> {
    try {
      const issuer = await this.getIssuer(account, provider);
      const config = this.createConfiguration(provider, issuer);
      const tokens = await client.authorizationCodeGrant(config, new URL(getCallbackUrl(account) + query), {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        ...(provider.config.pkce_enabled ? { pkceCodeVerifier: checks.verifier } : {}),
      });
      issuer.keys = client.getJwksCache(config);
      return { claims: tokens.claims() as client.IDToken, accessToken: tokens.access_token };
    } catch (error) {
      throw new AccessError(400, await describeError(error));
    }
  }

  /** Calls Microsoft Graph on behalf of the user. @param path with the version, or an absolute URL of Graph */
  async callGraph(path: string, accessToken: string): Promise<{ status: number; body: unknown }> {
    const url = new URL(path, this.store.microsoftOrigin);
    if (url.origin !== this.store.microsoftOrigin) throw new Error(`${url} is not Microsoft Graph's`);
    const answer = await fetch(url, {
      dispatcher: this.agent,
      headers: { accept: "application/json", authorization: `Bearer ${accessToken}` },
    });
    return { status: answer.status, body: await answer.json() };
  }

  /** Lists the ids of the published authentication contexts; none if the application may not read them. */
  async listContexts(account: Account, provider: EntraProvider): Promise<string[]> {
    try {
      const config = this.createConfiguration(provider, await this.getIssuer(account, provider));
      const scope = `${this.store.microsoftOrigin}/.default`;
      const { access_token } = await client.clientCredentialsGrant(config, { scope });
      const path = "/v1.0/identity/conditionalAccess/authenticationContextClassReferences";
      const { status, body } = await this.callGraph(path, access_token);
      if (status !== 200) return [];
      const { value } = body as { value: { id: string; isAvailable: boolean }[] };
      return value.flatMap(({ id, isAvailable }) => (isAvailable ? [id] : []));
    } catch {
      return [];
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private getTenantUrl({ config }: EntraProvider): string {
    return `${this.store.microsoftOrigin}/${encodeURIComponent(String(config.directory_id))}`;
  }

  /** Returns the cached metadata of a tenant. The cache is keyed by account, so a reset of the twin empties it. */
  private async getIssuer(account: Account, provider: EntraProvider): Promise<Issuer> {
    const cache = this.issuers.get(account) ?? new Map<string, Issuer>();
    this.issuers.set(account, cache);
    const tenant = this.getTenantUrl(provider);
    const cached = cache.get(tenant);
    if (cached) return cached;
    const configuration = await client.discovery(
      new URL(`${tenant}/v2.0/.well-known/openid-configuration`),
      String(provider.config.client_id),
      undefined,
      undefined,
      { [client.customFetch]: this.fetch },
    );
    const issuer = { metadata: configuration.serverMetadata() };
    cache.set(tenant, issuer);
    return issuer;
  }

  private createConfiguration(provider: EntraProvider, { metadata, keys }: Issuer): client.Configuration {
    const now = this.store.now().getTime();
    const config = new client.Configuration(
      metadata,
      String(provider.config.client_id),
      { [client.clockSkew]: Math.round((now - Date.now()) / 1000) },
      client.ClientSecretPost(provider.clientSecret),
    );
    config[client.customFetch] = this.fetch;
    client.enableNonRepudiationChecks(config);
    // This age (61 s) makes openid-client fetch the keys again at once when a key is unknown.
    if (keys) client.setJwksCache(config, { ...keys, uat: Math.floor(Date.now() / 1000) - 61 });
    return config;
  }

  private readonly fetch: client.CustomFetch = (url, options) =>
    fetch(url, { ...options, dispatcher: this.agent } as never) as never;
}

/** Formats the parameter `claims`: https://learn.microsoft.com/entra/identity-platform/claims-challenge */
function formatClaimsRequest(contexts: readonly string[]): string {
  const [first] = contexts;
  const requested = contexts.length === 1 ? { value: first } : { values: contexts };
  return JSON.stringify({ id_token: { acrs: { essential: true, ...requested } } });
}

/** Returns the redirect URI of the account. */
function getCallbackUrl({ organization }: Account): string {
  return `https://${organization.authDomain}/cdn-cgi/access/callback`;
}

/** Describes a failure in Entra's words, or else in openid-client's. */
async function describeError(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  const { error_description: description, cause } = error as { error_description?: string; cause?: unknown };
  if (description !== undefined) return description;
  if (cause instanceof Error) return `${error.message}: ${cause.message}`;
  const answer = cause as { status?: number; json?: () => Promise<{ error_description?: string }> };
  const body = await answer?.json?.().catch(() => undefined);
  return body?.error_description ?? `${error.message}${answer?.status ? `: ${answer.status}` : ""}`;
}
