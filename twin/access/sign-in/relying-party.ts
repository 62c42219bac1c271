import { readFileSync } from "node:fs";
import * as client from "openid-client";
import { Agent, fetch } from "undici";
import type { Account, EntraProvider } from "../../store/account";
import type { Store } from "../../store/store";
import { AccessError } from "../errors";

/**
 * What Access asks Entra for: what the application has registered. Cloudflare does not document it; that narrower
 * permissions than the recommended ones work, and are missed only when groups are read, leaves little else.
 */
const SCOPE = "openid profile email offline_access https://graph.microsoft.com/.default";

/** What ties an answer of Entra to the request it answers. */
export interface Checks {
  state: string;
  nonce: string;
  /** Proof Key for Code Exchange; used where the identity provider has it switched on. */
  verifier: string;
}

/** Who signed in, and the access token with which Access reads their groups. */
export interface SignedIn {
  claims: client.IDToken;
  accessToken: string;
}

type Keys = ReturnType<typeof client.getJwksCache>;

/** What is known of a tenant of Entra's. */
interface Issuer {
  metadata: client.ServerMetadata;
  keys?: Keys;
}

/** Cloudflare Access as client of Entra; the two meet over HTTPS alone, on connections that are kept. */
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

  /** Where a person has to go to sign in. Entra itself says what is wrong with tenant, application or redirect URI. */
  async authorizationUrl(account: Account, provider: EntraProvider, checks: Checks): Promise<URL> {
    const tenant = this.tenantUrl(provider);
    const metadata = { issuer: `${tenant}/v2.0`, authorization_endpoint: `${tenant}/oauth2/v2.0/authorize` };
    const { client_id, pkce_enabled, prompt } = provider.config;
    return client.buildAuthorizationUrl(new client.Configuration(metadata, String(client_id)), {
      redirect_uri: callbackUrl(account),
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      ...(typeof prompt === "string" ? { prompt } : {}),
      ...(pkce_enabled
        ? {
            code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
            code_challenge_method: "S256",
          }
        : {}),
    });
  }

  /**
   * Redeems the code that Entra's answer carries, and checks the id token: signature, issuer, audience, time, nonce.
   *
   * @param query what the callback was called with
   * @throws AccessError with Entra's own words where it refused
   */
  async signIn(account: Account, provider: EntraProvider, query: string, checks: Checks): Promise<SignedIn> {
    try {
      const issuer = await this.issuer(account, provider);
      const config = this.configuration(provider, issuer);
      const tokens = await client.authorizationCodeGrant(config, new URL(callbackUrl(account) + query), {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        ...(provider.config.pkce_enabled ? { pkceCodeVerifier: checks.verifier } : {}),
      });
      issuer.keys = client.getJwksCache(config);
      return { claims: tokens.claims() as client.IDToken, accessToken: tokens.access_token };
    } catch (error) {
      throw new AccessError(400, await reason(error));
    }
  }

  /** Calls Microsoft Graph on behalf of who signed in. @param path with the version, or an absolute URL of Graph's */
  async graph(path: string, accessToken: string): Promise<{ status: number; body: unknown }> {
    const url = new URL(path, this.store.microsoftOrigin);
    if (url.origin !== this.store.microsoftOrigin) throw new Error(`${url} is not Microsoft Graph's`);
    const answer = await fetch(url, {
      dispatcher: this.agent,
      headers: { accept: "application/json", authorization: `Bearer ${accessToken}` },
    });
    return { status: answer.status, body: await answer.json() };
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private tenantUrl({ config }: EntraProvider): string {
    return `${this.store.microsoftOrigin}/${encodeURIComponent(String(config.directory_id))}`;
  }

  /** By way of the account, so that nothing outlives what it is about. */
  private async issuer(account: Account, provider: EntraProvider): Promise<Issuer> {
    const known = this.issuers.get(account) ?? new Map<string, Issuer>();
    this.issuers.set(account, known);
    const tenant = this.tenantUrl(provider);
    const found = known.get(tenant);
    if (found) return found;
    const configuration = await client.discovery(
      new URL(`${tenant}/v2.0/.well-known/openid-configuration`),
      String(provider.config.client_id),
      undefined,
      undefined,
      { [client.customFetch]: this.fetch },
    );
    const issuer = { metadata: configuration.serverMetadata() };
    known.set(tenant, issuer);
    return issuer;
  }

  private configuration(provider: EntraProvider, { metadata, keys }: Issuer): client.Configuration {
    const now = this.store.now().getTime();
    const config = new client.Configuration(
      metadata,
      String(provider.config.client_id),
      { [client.clockSkew]: Math.round((now - Date.now()) / 1000) },
      client.ClientSecretPost(provider.clientSecret),
    );
    config[client.customFetch] = this.fetch;
    client.enableNonRepudiationChecks(config);
    // Of the age at which a key that is not among them makes openid-client look again at once.
    if (keys) client.setJwksCache(config, { ...keys, uat: Math.floor(Date.now() / 1000) - 61 });
    return config;
  }

  private readonly fetch: client.CustomFetch = (url, options) =>
    fetch(url, { ...options, dispatcher: this.agent } as never) as never;
}

/** Where Entra sends people back to. */
export function callbackUrl({ organization }: Account): string {
  return `https://${organization.authDomain}/cdn-cgi/access/callback`;
}

/** What Entra says is wrong; otherwise what openid-client found wrong with what it said. */
async function reason(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  const { error_description: said, cause } = error as { error_description?: string; cause?: unknown };
  if (said !== undefined) return said;
  if (cause instanceof Error) return `${error.message}: ${cause.message}`;
  const answer = cause as { status?: number; json?: () => Promise<{ error_description?: string }> };
  const body = await answer?.json?.().catch(() => undefined);
  return body?.error_description ?? `${error.message}${answer?.status ? `: ${answer.status}` : ""}`;
}
