import type Cloudflare from "cloudflare";
import { fetch } from "undici";
import { createProxyAgent } from "../../clouds/proxy-agent";

export interface CloudflareCredentials {
  readonly baseUrl: string;
  readonly apiToken: string;
  /** Has the proxy; default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Cloudflare's official client with the products that the operations use. */
export type CloudflareClient = Pick<Cloudflare, "accounts" | "user" | "zeroTrust" | "post">;

/** Creates Cloudflare's official client; loads its modules only when the first one is created. */
export function createCloudflareClient({
  baseUrl,
  apiToken,
  env = process.env,
}: CloudflareCredentials): CloudflareClient {
  const { createClient, resources } = loadClient();
  const client = createClient({
    resources,
    apiToken,
    baseURL: baseUrl,
    // With undefined, the client would prefer an e-mail address and global key from the environment.
    apiEmail: null,
    apiKey: null,
    fetch: fetch as unknown as typeof globalThis.fetch,
    fetchOptions: { dispatcher: createProxyAgent(env, undefined) } as object,
  });
  // Its type lacks what the classes have of their own beside their sub-resources.
  return client as CloudflareClient;
}

function loadClient() {
  const { createClient } = require("cloudflare/tree-shakable") as typeof import("cloudflare/tree-shakable");
  const { Accounts } =
    require("cloudflare/resources/accounts/accounts") as typeof import("cloudflare/resources/accounts/accounts");
  const { User } =
    require("cloudflare/resources/user/user") as typeof import("cloudflare/resources/user/user");
  const { ZeroTrust } =
    require("cloudflare/resources/zero-trust/zero-trust") as typeof import("cloudflare/resources/zero-trust/zero-trust");
  return { createClient, resources: [Accounts, User, ZeroTrust] as const };
}
