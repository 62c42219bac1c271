import { randomBytes } from "node:crypto";
import { getCookie } from "hono/cookie";
import type { AccessApplication } from "../store/cloudflare/account";
import { findApplicationAt } from "../store/cloudflare/protected";
import {
  AUTHORIZATION_COOKIE,
  addCookie,
  COOKIE_OPTIONS,
  getOrigin,
  getRealHost,
  type PageHandler,
} from "./access";
import {
  evaluateAccessPolicies,
  findRefusalAfterMove,
  findTargetApplication,
  type Handoff,
} from "./admission";
import { invalidHandoff, NotJudged, unknownApplication } from "./errors";
import { renderDenied, renderProtected } from "./pages";
import { answerPreflight, isPreflight } from "./preflight";
import { hasServiceToken, serveServiceRequest } from "./service-token";

/** The cookie that ties a sign-in to the browser that started it. */
const APP_SESSION_COOKIE = "CF_AppSession";
/** Lifetime of {@link APP_SESSION_COOKIE} in seconds. */
const APP_SESSION_LIFETIME = 24 * 3600;

/** Serves any address of an application: a page with the identity to admitted users, the sign-in to others. */
export const serveProtectedApplication: PageHandler = async (c, access, account) => {
  const { seal, sessions } = access;
  const { pathname, search } = new URL(c.req.url);
  const hostname = getRealHost(c);
  const application = findApplicationAt(account, hostname, pathname);
  if (!application) throw unknownApplication();
  refuseUnsupportedSettings(application);
  if (isPreflight(c)) return answerPreflight(c, application);
  if (hasServiceToken(c)) return serveServiceRequest(c, access, account, application);
  const token = getCookie(c, AUTHORIZATION_COOKIE);
  const session = await sessions.verify(account, token, application.aud);
  if (session && token) {
    const { identity } = session;
    const reason = findRefusalAfterMove(c, access, account, { application, session });
    if (reason !== undefined) return renderDenied(application, identity, reason);
    return renderProtected({ application, identity, token });
  }
  const { allowed, reason } = evaluateAccessPolicies(c, access, account, application);
  if (allowed) return renderProtected({ application, reason });
  // https://developers.cloudflare.com/cloudflare-one/access-controls/access-settings/session-management/#ajax
  if (c.req.header("x-requested-with") === "XMLHttpRequest") return c.body(null, 401);

  const appSession = getCookie(c, APP_SESSION_COOKIE) ?? randomBytes(18).toString("base64url");
  const url = new URL(`https://${account.organization.authDomain}/cdn-cgi/access/login/${hostname}`);
  url.searchParams.set("kid", application.aud);
  url.searchParams.set("redirect_url", pathname + search);
  url.searchParams.set("meta", seal.close("meta", seal.digest("session", appSession), APP_SESSION_LIFETIME));
  return addCookie(c.redirect(url.href), APP_SESSION_COOKIE, appSession, {
    ...COOKIE_OPTIONS,
    maxAge: APP_SESSION_LIFETIME,
  });
};

/** Serves `/cdn-cgi/access/authorized`: the return from the team domain with a handoff. */
export const completeHandoff: PageHandler = async (c, access, account) => {
  const { seal, sessions } = access;
  const handoff = seal.open<Handoff>("handoff", c.req.query("state"));
  const appSession = seal.digest("session", getCookie(c, APP_SESSION_COOKIE) ?? "");
  const session = sessions.get(account, handoff?.nonce);
  if (!handoff || handoff.appSession !== appSession || !session) throw invalidHandoff();
  const application = findTargetApplication(account, handoff);
  session.origins.set(application.aud, getOrigin(c, access));
  const expires = new Date(handoff.expires);
  const token = await sessions.token(account, session, expires, handoff.aud);
  const { http_only_cookie_attribute: httpOnly, same_site_cookie_attribute: sameSite } = application.settings;
  return addCookie(c.redirect(handoff.redirectUrl), AUTHORIZATION_COOKIE, token, {
    ...COOKIE_OPTIONS,
    httpOnly: httpOnly !== false,
    sameSite: sameSite === "strict" ? "Strict" : "Lax",
    maxAge: Math.floor((handoff.expires - access.store.now().getTime()) / 1000),
  });
};

/** Refuses settings that the twin does not emulate although they would change who is admitted. */
function refuseUnsupportedSettings({ settings }: AccessApplication): void {
  for (const name of ["enable_binding_cookie", "options_preflight_bypass", "path_cookie_attribute"]) {
    if (settings[name] === true) throw new NotJudged(name);
  }
}
