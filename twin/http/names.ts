import type { Account } from "../store/account";
import { protectsHost } from "../store/protected";
import type { Store } from "../store/store";

/**
 * Where browsers find what has a real name: `https://H/...` is served at `http://H.localhost:<port>/...`. Browsers
 * resolve `*.localhost` to this machine themselves, and take plain HTTP there for a secure context.
 */
const SUFFIX = ".localhost";

/** The host of Entra's sign-in pages. */
const LOGIN_HOST = "login.microsoftonline.com";

/** What is served under a real name. */
export type Served = { service: "login" } | { service: "team" | "application"; account: Account };

/** What the twin serves under a real host name; undefined: nothing. */
export function servedAt(store: Store, host: string): Served | undefined {
  if (host === LOGIN_HOST) return { service: "login" };
  for (const account of store.accounts.values()) {
    if (account.organization.authDomain === host) return { service: "team", account };
    if (protectsHost(account, host)) return { service: "application", account };
  }
  return undefined;
}

/** The real host name behind the one a browser asked for; undefined when it is none. */
export function realHost(hostname: string): string | undefined {
  return hostname.endsWith(SUFFIX) ? hostname.slice(0, -SUFFIX.length) : undefined;
}

/** The address at which a browser finds `url`; `url` itself where the twin serves nothing of that name. */
export function browserUrl(store: Store, url: string): string {
  const target = new URL(url);
  const host = target.origin === store.microsoftOrigin ? LOGIN_HOST : target.host;
  if (target.protocol !== "https:" || !servedAt(store, host)) return url;
  return `http://${host}${SUFFIX}:${store.browserPort}${target.pathname}${target.search}${target.hash}`;
}

/** An answer as a browser gets it: where it sends a person by a name the twin serves, it goes to the twin. */
export async function forBrowser(store: Store, answer: Response): Promise<Response> {
  const { headers } = answer;
  const location = headers.get("location");
  if (location?.startsWith("https:")) headers.set("location", browserUrl(store, location));
  if (!headers.get("content-type")?.startsWith("text/html")) return answer;
  const html = (await answer.text()).replace(
    /( (?:action|href)=")(https:\/\/[^/"]+)/g,
    (_link, attribute: string, origin: string) => attribute + browserUrl(store, origin).replace(/\/$/, ""),
  );
  return new Response(html, { status: answer.status, headers });
}
