import { getCookie } from "hono/cookie";
import { AUTHORIZATION_COOKIE, addCookie, COOKIE_OPTIONS, getOrigin, type PageHandler } from "../access";
import { logAccess } from "../log";
import { renderLoggedOut } from "../pages";
import { formatCerts } from "./keys";

/** Serves `/cdn-cgi/access/certs`: the keys that sign tokens. */
export const serveCerts: PageHandler = async (c, { sessions }, account) =>
  c.json(formatCerts(await sessions.keys.get(account)));

/** Serves `/cdn-cgi/access/get-identity`: the identity behind the cookie. */
export const serveIdentity: PageHandler = async (c, { sessions }, account) => {
  const token = getCookie(c, AUTHORIZATION_COOKIE);
  if (token === undefined) return c.json({ err: "no app token set" }, 401);
  const session = await sessions.verify(account, token);
  return session ? c.json(session.identity) : c.json({ err: "unable to validate app token" }, 401);
};

/** Serves `/cdn-cgi/access/logout`: ends all sessions of the user in all browsers. */
export const logOutOfAccess: PageHandler = async (c, access, account) => {
  const { store, sessions } = access;
  const session = await sessions.verify(account, getCookie(c, AUTHORIZATION_COOKIE));
  if (session) {
    sessions.end(account, session.identity);
    logAccess(store, account, {
      action: "logout",
      allowed: true,
      appDomain: account.organization.authDomain,
      connection: session.identity.idp.type,
      ipAddress: getOrigin(c, access).ip,
      userEmail: session.identity.email,
    });
  }
  return addCookie(renderLoggedOut(), AUTHORIZATION_COOKIE, "", { ...COOKIE_OPTIONS, maxAge: 0 });
};
