import type Cloudflare from "cloudflare";
import { fetch } from "undici";
import { createProxyAgent } from "../../clouds/proxy-agent";

export interface CloudflareCredentials {
  readonly baseUrl: string;
  readonly apiToken: string;
  /** Has the proxy; default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Creates Cloudflare's official client; loads its thousand modules only when the first one is created. */
export function createCloudflareClient({
  baseUrl,
  apiToken,
  env = process.env,
}: CloudflareCredentials): Cloudflare {
  const { default: Client } = require("cloudflare") as typeof import("cloudflare");
  return new Client({
    apiToken,
    baseURL: baseUrl,
    // With undefined, the client would prefer an e-mail address and global key from the environment.
    apiEmail: null,
    apiKey: null,
    fetch: fetch as unknown as typeof globalThis.fetch,
    fetchOptions: { dispatcher: createProxyAgent(env, undefined) } as object,
  });
}
