import Cloudflare from "cloudflare";

/** Cloudflare's own client. */
export function cloudflareClient(at: { readonly baseUrl: string; readonly apiToken: string }): Cloudflare {
  // null: the client would take an e-mail address and a global key from the environment, and prefer them.
  return new Cloudflare({ apiToken: at.apiToken, baseURL: at.baseUrl, apiEmail: null, apiKey: null });
}
