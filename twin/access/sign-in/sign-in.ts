import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { TwinEnv } from "../../http/requests";
import type { Account, EntraProvider, IdentityProvider } from "../../store/account";
import { type Access, AUTHORIZATION, COOKIE, type Page, whence, withCookie } from "../access";
import { admit, applicationOf } from "../admission";
import { AccessError, invalidState, NotJudged, unknownIdentityProvider } from "../errors";
import { logAccess } from "../log";
import { connectionFailedPage, connectionWorksPage, errorPage, loginPage } from "../pages";
import { type Identity, identityOf } from "./identity";
import { LOGIN_LIFETIME, type Login, resumeLogin, startLogin, type Target } from "./login-state";

/** Ties a sign-in to the browser that began it. */
export const SESSION = "CF_Session";

/** `/cdn-cgi/access/test-idp/{id}`, the dashboard's Test button: on to the identity provider. */
export const openTest: Page = async (c, access, account) => {
  const session = getCookie(c, SESSION) ?? newSession();
  const provider = providerOf(account, c.req.param("id"));
  if (provider.type !== "azureAD") throw new NotJudged(`a test of ${provider.type}`);
  const url = await signInUrl(access, account, provider, session);
  return keeping(session, c.redirect(url));
};

/**
 * `/cdn-cgi/access/login/{host}`: a choice of identity providers. Who is signed in goes on to the application, if its
 * policies let them.
 */
export const login: Page = async (c, access, account) => {
  const hostname = c.req.param("host") ?? "";
  const redirectUrl = c.req.query("redirect_url") ?? "/";
  const appSession = access.seal.open<string>("meta", c.req.query("meta"));
  const target: Target = {
    aud: c.req.query("kid") ?? "",
    hostname,
    redirectUrl,
    appSession: appSession ?? "",
  };
  const application = applicationOf(account, target);
  // The login URL that the dashboard shows has no such thing: then the application begins the sign-in itself.
  if (appSession === undefined) return c.redirect(new URL(redirectUrl, `https://${hostname}`).href);
  const signedIn = await access.sessions.verify(account, getCookie(c, AUTHORIZATION));
  if (signedIn) return admit(c, access, account, { target, session: signedIn });

  const session = getCookie(c, SESSION) ?? newSession();
  const { allowedIdps, autoRedirectToIdentity } = application;
  const providers = [...account.identityProviders.values()].filter(
    ({ id }) => allowedIdps.length === 0 || allowedIdps.includes(id),
  );
  const links = await Promise.all(
    providers
      .filter((provider) => provider.type === "azureAD")
      .map(async (provider) => ({
        name: provider.name,
        url: await signInUrl(access, account, provider, session, target),
      })),
  );
  const [first] = links;
  const pin = providers.find(({ type }) => type === "onetimepin");
  const pinState = pin && startLogin(access.seal, loginOf(account, pin, target), session).state;
  return keeping(
    session,
    autoRedirectToIdentity && first
      ? c.redirect(first.url)
      : loginPage({ account, application, links, pinState }),
  );
};

/** `/cdn-cgi/access/callback`: where the identity provider sends people back to. */
export const callback: Page = async (c, access, account) => {
  const { store, seal, relyingParty } = access;
  const { login, checks } = resumeLogin(seal, c.req.query("state"), getCookie(c, SESSION));
  if (login.authDomain !== account.organization.authDomain) throw invalidState();
  const provider = providerOf(account, login.idpId);
  if (provider.type !== "azureAD") throw invalidState();
  const { target } = login;
  const application = target && applicationOf(account, target);
  const place = whence(c, access);
  const log = (allowed: boolean, userEmail = "") =>
    logAccess(store, account, {
      action: "login",
      allowed,
      appDomain: application?.domain ?? account.organization.authDomain,
      ...(application ? { appUid: application.id } : {}),
      connection: "azureAD",
      ipAddress: place.ip,
      userEmail,
    });
  try {
    const signedIn = await relyingParty.signIn(account, provider, new URL(c.req.url).search, checks);
    const identity = await identityOf({ store, account, provider, place }, relyingParty, signedIn);
    if (target) return enter(c, access, account, { target, identity });
    log(true, identity.email);
    return connectionWorksPage(provider, identity);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    const rayId = log(false);
    return target ? errorPage(error, rayId) : connectionFailedPage(provider, error);
  }
};

/** Signs somebody in to the account, and sends them on to the application. */
export async function enter(
  c: Context<TwinEnv>,
  access: Access,
  account: Account,
  { target, identity }: { target: Target; identity: Identity },
): Promise<Response> {
  const session = access.sessions.start(account, identity);
  const { token, seconds } = await access.sessions.globalToken(account, session);
  const cookie = { ...COOKIE, maxAge: seconds };
  return withCookie(admit(c, access, account, { target, session }), AUTHORIZATION, token, cookie);
}

const newSession = () => randomBytes(18).toString("base64url");

/** Has the browser keep its `CF_Session`. */
function keeping(session: string, response: Response): Response {
  return withCookie(response, SESSION, session, { ...COOKIE, maxAge: LOGIN_LIFETIME });
}

/** Where a person signs in at an identity provider. @param target undefined: only to test it */
async function signInUrl(
  { seal, relyingParty }: Access,
  account: Account,
  provider: EntraProvider,
  session: string,
  target?: Target,
): Promise<string> {
  const login = loginOf(account, provider, target);
  return (await relyingParty.authorizationUrl(account, provider, startLogin(seal, login, session))).href;
}

function loginOf({ organization }: Account, { id }: IdentityProvider, target?: Target): Login {
  return { authDomain: organization.authDomain, idpId: id, target };
}

function providerOf(account: Account, id: string | undefined): IdentityProvider {
  const found = account.identityProviders.get(id ?? "");
  if (!found) throw unknownIdentityProvider();
  return found;
}
