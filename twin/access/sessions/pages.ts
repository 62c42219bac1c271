import { getCookie } from "hono/cookie";
import { AUTHORIZATION, COOKIE, type Page, whence, withCookie } from "../access";
import { logAccess } from "../log";
import { loggedOutPage } from "../pages";
import { certs as certsOf } from "./keys";

/** `/cdn-cgi/access/certs`: the keys that tokens are signed with. */
export const certs: Page = async (c, { sessions }, account) =>
  c.json(certsOf(await sessions.keys.of(account)));

/** `/cdn-cgi/access/get-identity`: whose token the cookie is. */
export const getIdentity: Page = async (c, { sessions }, account) => {
  const token = getCookie(c, AUTHORIZATION);
  if (token === undefined) return c.json({ err: "no app token set" }, 401);
  const session = await sessions.verify(account, token);
  return session ? c.json(session.identity) : c.json({ err: "unable to validate app token" }, 401);
};

/** `/cdn-cgi/access/logout`: ends all sessions of the person, wherever they are. */
export const logout: Page = async (c, access, account) => {
  const { store, sessions } = access;
  const session = await sessions.verify(account, getCookie(c, AUTHORIZATION));
  if (session) {
    sessions.end(account, session.identity);
    logAccess(store, account, {
      action: "logout",
      allowed: true,
      appDomain: account.organization.authDomain,
      connection: session.identity.idp.type,
      ipAddress: whence(c, access).ip,
      userEmail: session.identity.email,
    });
  }
  return withCookie(loggedOutPage(), AUTHORIZATION, "", { ...COOKIE, maxAge: 0 });
};
