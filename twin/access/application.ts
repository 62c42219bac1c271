import { randomBytes } from "node:crypto";
import { getCookie } from "hono/cookie";
import type { AccessApplication } from "../store/account";
import { applicationAt } from "../store/protected";
import { AUTHORIZATION, COOKIE, hostOf, type Page, whence, withCookie } from "./access";
import { applicationOf, type Handoff, judge, refusedSinceMoved } from "./admission";
import { invalidHandoff, NotJudged, unknownApplication } from "./errors";
import { deniedPage, protectedPage } from "./pages";
import { hasServiceToken, serviceRequest } from "./service-token";

/** Ties a sign-in to the browser that was sent away to sign in. */
const APP_SESSION = "CF_AppSession";
/** Of {@link APP_SESSION}, in seconds. */
const APP_SESSION_LIFETIME = 24 * 3600;

/** Any address of an application: to who may see it a page that says who they are, to others the sign-in. */
export const protectedApplication: Page = async (c, access, account) => {
  const { seal, sessions } = access;
  const { pathname, search } = new URL(c.req.url);
  const hostname = hostOf(c);
  const application = applicationAt(account, hostname, pathname);
  if (!application) throw unknownApplication();
  judgeSettings(application);
  if (hasServiceToken(c)) return serviceRequest(c, access, account, application);
  const token = getCookie(c, AUTHORIZATION);
  const session = await sessions.verify(account, token, application.aud);
  if (session && token) {
    const { identity } = session;
    const reason = refusedSinceMoved(c, access, account, { application, session });
    if (reason !== undefined) return deniedPage(application, identity, reason);
    return protectedPage({ application, identity, token });
  }
  const { allowed, reason } = judge(c, access, account, application);
  if (allowed) return protectedPage({ application, reason });
  // https://developers.cloudflare.com/cloudflare-one/access-controls/access-settings/session-management/#ajax
  if (c.req.header("x-requested-with") === "XMLHttpRequest") return c.body(null, 401);

  const appSession = getCookie(c, APP_SESSION) ?? randomBytes(18).toString("base64url");
  const url = new URL(`https://${account.organization.authDomain}/cdn-cgi/access/login/${hostname}`);
  url.searchParams.set("kid", application.aud);
  url.searchParams.set("redirect_url", pathname + search);
  url.searchParams.set("meta", seal.close("meta", seal.digest("session", appSession), APP_SESSION_LIFETIME));
  return withCookie(c.redirect(url.href), APP_SESSION, appSession, {
    ...COOKIE,
    maxAge: APP_SESSION_LIFETIME,
  });
};

/** `/cdn-cgi/access/authorized`: back from the team domain, with leave to enter. */
export const authorized: Page = async (c, access, account) => {
  const { seal, sessions } = access;
  const handoff = seal.open<Handoff>("handoff", c.req.query("state"));
  const appSession = seal.digest("session", getCookie(c, APP_SESSION) ?? "");
  const session = sessions.get(account, handoff?.nonce);
  if (!handoff || handoff.appSession !== appSession || !session) throw invalidHandoff();
  const application = applicationOf(account, handoff);
  session.places.set(application.aud, whence(c, access));
  const expires = new Date(handoff.expires);
  const token = await sessions.token(account, session, expires, handoff.aud);
  const { http_only_cookie_attribute: httpOnly, same_site_cookie_attribute: sameSite } = application.settings;
  return withCookie(c.redirect(handoff.redirectUrl), AUTHORIZATION, token, {
    ...COOKIE,
    httpOnly: httpOnly !== false,
    sameSite: sameSite === "strict" ? "Strict" : "Lax",
    maxAge: Math.floor((handoff.expires - access.store.now().getTime()) / 1000),
  });
};

/** Settings that would change who gets in, which the twin does not follow. */
function judgeSettings({ settings }: AccessApplication): void {
  for (const name of ["enable_binding_cookie", "options_preflight_bypass", "path_cookie_attribute"]) {
    if (settings[name] === true) throw new NotJudged(name);
  }
}
