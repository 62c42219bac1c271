import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { generateCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { TwinEnv } from "../http/requests";
import type { Account } from "../store/account";
import { type Place, placeOf } from "../store/places";
import type { Store } from "../store/store";
import type { Seal } from "./seal";
import type { Sessions } from "./sessions/sessions";
import type { RelyingParty } from "./sign-in/relying-party";

/** What the pages of Access share. */
export interface Access {
  store: Store;
  seal: Seal;
  sessions: Sessions;
  relyingParty: RelyingParty;
}

/** A page of a team domain or of an application of the account. */
export type Page = (c: Context<TwinEnv>, access: Access, account: Account) => Response | Promise<Response>;

/** Holds a token: the global session's on the team domain, the application's on its own host. */
export const AUTHORIZATION = "CF_Authorization";

/** In life without `SameSite` and `Secure`; browsers come over plain HTTP, where that is no choice. */
export const COOKIE = { path: "/", httpOnly: true, sameSite: "Lax" } as const satisfies CookieOptions;

/** Where a request comes from. */
export function whence(c: Context<TwinEnv>, { store }: Access): Place {
  return placeOf(store.places, (c.env as HttpBindings).incoming.socket.remoteAddress ?? "");
}

/** The real host that a request is for. */
export function hostOf(c: Context<TwinEnv>): string {
  return new URL(c.req.url).hostname.replace(/\.localhost$/, "");
}

/** Adds a cookie; pages are answers of their own, which the context knows nothing of. */
export function withCookie(
  response: Response,
  name: string,
  value: string,
  options: CookieOptions,
): Response {
  response.headers.append("set-cookie", generateCookie(name, value, options));
  return response;
}
