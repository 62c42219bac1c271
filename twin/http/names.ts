import type { Account } from "../store/cloudflare/account";
import { protectsHost } from "../store/cloudflare/protected";
import type { Store } from "../store/store";

/**
 * The suffix under which browsers reach real host names: `https://H/...` is served at `http://H.localhost:<port>/...`.
 * Browsers resolve `*.localhost` to this machine and treat plain HTTP there as a secure context.
 */
const SUFFIX = ".localhost";

/** The host of Entra's sign-in pages. */
const LOGIN_HOST = "login.microsoftonline.com";

/** The service that answers for a real host name. */
export type ServedHost = { service: "login" } | { service: "team" | "application"; account: Account };

/** Finds the service behind a real host name. */
export function findServedHost(store: Store, host: string): ServedHost | undefined {
  if (host === LOGIN_HOST) return { service: "login" };
  for (const account of store.accounts.values()) {
    if (account.organization.authDomain === host) return { service: "team", account };
    if (protectsHost(account, host)) return { service: "application", account };
  }
  return undefined;
}

/** Strips the suffix from a requested host name; undefined when it has none. */
export function parseRealHost(hostname: string): string | undefined {
  return hostname.endsWith(SUFFIX) ? hostname.slice(0, -SUFFIX.length) : undefined;
}

/** Translates a real URL to the twin's address for browsers; a host that the twin does not serve stays as it is. */
export function toBrowserUrl(store: Store, url: string): string {
  const target = new URL(url);
  const host = target.origin === store.microsoftOrigin ? LOGIN_HOST : target.host;
  if (target.protocol !== "https:" || !findServedHost(store, host)) return url;
  return `http://${host}${SUFFIX}:${store.browserPort}${target.pathname}${target.search}${target.hash}`;
}

/** Rewrites redirects, links and forms of a response that lead to hosts of the twin. */
export async function rewriteForBrowser(store: Store, answer: Response): Promise<Response> {
  const { headers } = answer;
  const location = headers.get("location");
  if (location?.startsWith("https:")) headers.set("location", toBrowserUrl(store, location));
  if (!headers.get("content-type")?.startsWith("text/html")) return answer;
  const html = (await answer.text()).replace(
    /( (?:action|href)=")(https:\/\/[^/"]+)/g,
    (_link, attribute: string, origin: string) => attribute + toBrowserUrl(store, origin).replace(/\/$/, ""),
  );
  return new Response(html, { status: answer.status, headers });
}
