import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { generateCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { TwinEnv } from "../http/requests";
import type { Route } from "../http/routes";
import type { Account } from "../store/cloudflare/account";
import { type RequestOrigin, resolveOrigin } from "../store/cloudflare/places";
import type { Store } from "../store/store";
import type { Seal } from "./seal";
import type { Sessions } from "./sessions/sessions";
import type { RelyingParty } from "./sign-in/relying-party";

/** The services that the page handlers of Access share. */
export interface AccessContext {
  store: Store;
  seal: Seal;
  sessions: Sessions;
  relyingParty: RelyingParty;
}

/** A page of a team domain or of a protected application; its path is the one below `/cdn-cgi/access`. */
export type AccessRoute = Route<[c: Context<TwinEnv>, access: AccessContext, account: Account]>;

export type PageHandler = AccessRoute["handle"];

/** The cookie with a token: the global session's on the team domain, the application's on its own host. */
export const AUTHORIZATION_COOKIE = "CF_Authorization";

/** Cookie attributes for plain HTTP, by which browsers reach the twin and over which `Secure` is impossible. */
export const COOKIE_OPTIONS = { path: "/", httpOnly: true, sameSite: "Lax" } as const satisfies CookieOptions;

/** Returns the origin of a request. */
export function getOrigin(c: Context<TwinEnv>, { store }: AccessContext): RequestOrigin {
  return resolveOrigin(store.places, (c.env as HttpBindings).incoming.socket.remoteAddress ?? "");
}

/** Returns the real host name of a request. */
export function getRealHost(c: Context<TwinEnv>): string {
  return new URL(c.req.url).hostname.replace(/\.localhost$/, "");
}

/** Adds a cookie to a response that was not created by the Hono context. */
export function addCookie(response: Response, name: string, value: string, options: CookieOptions): Response {
  response.headers.append("set-cookie", generateCookie(name, value, options));
  return response;
}
