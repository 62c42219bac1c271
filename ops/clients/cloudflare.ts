import type Cloudflare from "cloudflare";
import { fetch } from "undici";
import { createProxyAgent } from "../../proxy-agent";

/** Where Cloudflare's API is, and who asks. */
export interface CloudflareSignIn {
  readonly baseUrl: string;
  readonly apiToken: string;
  /** Says by which proxy; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Cloudflare's own client, whose thousand modules are loaded with the first one that is made. */
export function cloudflareClient({ baseUrl, apiToken, env = process.env }: CloudflareSignIn): Cloudflare {
  const { default: Client } = require("cloudflare") as typeof import("cloudflare");
  return new Client({
    apiToken,
    baseURL: baseUrl,
    // null: the client would take an e-mail address and a global key from the environment, and prefer them.
    apiEmail: null,
    apiKey: null,
    fetch: fetch as unknown as typeof globalThis.fetch,
    fetchOptions: { dispatcher: createProxyAgent(env, undefined) } as object,
  });
}
