import { fetch } from "undici";
import { createProxyAgent } from "../../clouds/proxy-agent";

export interface CloudflareCredentials {
  readonly baseUrl: string;
  readonly apiToken: string;
  /** Has the proxy; default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Cloudflare's official client with those parts that the operations use. */
export type CloudflareClient = ReturnType<typeof createCloudflareClient>;

/** Creates Cloudflare's official client; loads its modules only when the first one is created. */
export function createCloudflareClient({ baseUrl, apiToken, env = process.env }: CloudflareCredentials) {
  const { createClient, resources } = loadClient();
  return createClient({
    resources,
    apiToken,
    baseURL: baseUrl,
    // With undefined, the client would prefer an e-mail address and global key from the environment.
    apiEmail: null,
    apiKey: null,
    fetch: fetch as unknown as typeof globalThis.fetch,
    fetchOptions: { dispatcher: createProxyAgent(env, undefined) } as object,
  });
}

function loadClient() {
  const { createClient } = require("cloudflare/tree-shakable") as typeof import("cloudflare/tree-shakable");
  const { Audit } =
    require("cloudflare/resources/accounts/logs/audit") as typeof import("cloudflare/resources/accounts/logs/audit");
  const { Tokens } =
    require("cloudflare/resources/accounts/tokens/tokens") as typeof import("cloudflare/resources/accounts/tokens/tokens");
  const { Tokens: UserTokens } =
    require("cloudflare/resources/user/tokens/tokens") as typeof import("cloudflare/resources/user/tokens/tokens");
  const { Access } =
    require("cloudflare/resources/zero-trust/access/access") as typeof import("cloudflare/resources/zero-trust/access/access");
  const { Rules } =
    require("cloudflare/resources/zero-trust/gateway/rules") as typeof import("cloudflare/resources/zero-trust/gateway/rules");
  const { IdentityProviders } =
    require("cloudflare/resources/zero-trust/identity-providers/identity-providers") as typeof import("cloudflare/resources/zero-trust/identity-providers/identity-providers");
  const { Networks } =
    require("cloudflare/resources/zero-trust/networks/networks") as typeof import("cloudflare/resources/zero-trust/networks/networks");
  const { Organizations } =
    require("cloudflare/resources/zero-trust/organizations/organizations") as typeof import("cloudflare/resources/zero-trust/organizations/organizations");
  const resources = [
    Audit,
    Tokens,
    UserTokens,
    Access,
    Rules,
    IdentityProviders,
    Networks,
    Organizations,
  ] as const;
  return { createClient, resources };
}
