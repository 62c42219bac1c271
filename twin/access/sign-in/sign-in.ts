import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { TwinEnv } from "../../http/requests";
import type { Account, EntraProvider, IdentityProviderRecord } from "../../store/cloudflare/account";
import {
  type AccessContext,
  AUTHORIZATION_COOKIE,
  addCookie,
  COOKIE_OPTIONS,
  getOrigin,
  type PageHandler,
} from "../access";
import { admit, findTargetApplication } from "../admission";
import { AccessError, invalidState, NotJudged, unknownIdentityProvider } from "../errors";
import { logAccess } from "../log";
import { renderAccessError, renderConnectionFailed, renderConnectionWorks, renderLogin } from "../pages";
import { chooseContexts, needsStepUp } from "./contexts";
import { buildIdentity, type Identity } from "./identity";
import { LOGIN_LIFETIME, type Login, type LoginTarget, resumeLogin, startLogin } from "./login-state";

/** The cookie that ties a sign-in to the browser that started it. */
export const SESSION_COOKIE = "CF_Session";

/** Serves `/cdn-cgi/access/test-idp/{id}`, the dashboard's Test button: redirects to the identity provider. */
export const startTest: PageHandler = async (c, access, account) => {
  const session = getCookie(c, SESSION_COOKIE) ?? createSessionId();
  const provider = findProvider(account, c.req.param("id"));
  if (provider.type !== "azureAD") throw new NotJudged(`a test of ${provider.type}`);
  const url = await createSignInUrl(access, account, provider, session);
  return keepSession(session, c.redirect(url));
};

/**
 * Serves `/cdn-cgi/access/login/{host}`: the choice of identity providers. A signed-in user continues to the
 * application, if its policies admit them.
 */
export const serveLogin: PageHandler = async (c, access, account) => {
  const hostname = c.req.param("host") ?? "";
  const redirectUrl = c.req.query("redirect_url") ?? "/";
  const appSession = access.seal.open<string>("meta", c.req.query("meta"));
  const target: LoginTarget = {
    aud: c.req.query("kid") ?? "",
    hostname,
    redirectUrl,
    appSession: appSession ?? "",
  };
  const application = findTargetApplication(account, target);
  // The login URL in the dashboard has no `meta`: then the application itself starts the sign-in.
  if (appSession === undefined) return c.redirect(new URL(redirectUrl, `https://${hostname}`).href);
  const signedIn = await access.sessions.verify(account, getCookie(c, AUTHORIZATION_COOKIE));
  if (signedIn && !needsStepUp(account, application, signedIn.identity))
    return admit(c, access, account, { target, session: signedIn });

  const session = getCookie(c, SESSION_COOKIE) ?? createSessionId();
  const { allowedIdps, autoRedirectToIdentity } = application;
  const providers = [...account.identityProviders.values()].filter(
    ({ id }) => allowedIdps.length === 0 || allowedIdps.includes(id),
  );
  const links = await Promise.all(
    providers
      .filter((provider) => provider.type === "azureAD")
      .map(async (provider) => ({
        name: provider.name,
        url: await createSignInUrl(access, account, provider, session, target),
      })),
  );
  const [first] = links;
  const pin = providers.find(({ type }) => type === "onetimepin");
  const pinState = pin && startLogin(access.seal, createLogin(account, pin, target), session).state;
  return keepSession(
    session,
    autoRedirectToIdentity && first
      ? c.redirect(first.url)
      : renderLogin({ account, application, links, pinState }),
  );
};

/** Serves `/cdn-cgi/access/callback`: the return from the identity provider. */
export const handleCallback: PageHandler = async (c, access, account) => {
  const { store, seal, relyingParty } = access;
  const { login, checks } = resumeLogin(seal, c.req.query("state"), getCookie(c, SESSION_COOKIE));
  if (login.authDomain !== account.organization.authDomain) throw invalidState();
  const provider = findProvider(account, login.idpId);
  if (provider.type !== "azureAD") throw invalidState();
  const { target } = login;
  const application = target && findTargetApplication(account, target);
  const origin = getOrigin(c, access);
  const log = (allowed: boolean, userEmail = "") =>
    logAccess(store, account, {
      action: "login",
      allowed,
      appDomain: application?.domain ?? account.organization.authDomain,
      ...(application ? { appUid: application.id } : {}),
      connection: "azureAD",
      ipAddress: origin.ip,
      userEmail,
    });
  try {
    const signedIn = await relyingParty.redeemCode(account, provider, new URL(c.req.url).search, checks);
    const identity = await buildIdentity({ store, account, provider, origin }, relyingParty, signedIn);
    if (target) return startSession(c, access, account, { target, identity });
    log(true, identity.email);
    return renderConnectionWorks(provider, identity);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    const rayId = log(false);
    return target ? renderAccessError(error, rayId) : renderConnectionFailed(provider, error);
  }
};

/** Starts a session of the account and continues to the application. */
export async function startSession(
  c: Context<TwinEnv>,
  access: AccessContext,
  account: Account,
  { target, identity }: { target: LoginTarget; identity: Identity },
): Promise<Response> {
  const session = access.sessions.start(account, identity);
  const { issueToken: token, seconds } = await access.sessions.issueGlobalToken(account, session);
  const cookie = { ...COOKIE_OPTIONS, maxAge: seconds };
  return addCookie(admit(c, access, account, { target, session }), AUTHORIZATION_COOKIE, token, cookie);
}

const createSessionId = () => randomBytes(18).toString("base64url");

/** Sets the browser's `CF_Session`. */
function keepSession(session: string, response: Response): Response {
  return addCookie(response, SESSION_COOKIE, session, { ...COOKIE_OPTIONS, maxAge: LOGIN_LIFETIME });
}

/** Creates the sign-in URL of an identity provider. @param target undefined for a test */
async function createSignInUrl(
  access: AccessContext,
  account: Account,
  provider: EntraProvider,
  session: string,
  target?: LoginTarget,
): Promise<string> {
  const { seal, relyingParty } = access;
  const login = createLogin(account, provider, target);
  const application = target && findTargetApplication(account, target);
  const contexts = await chooseContexts(access, account, application, provider);
  const checks = startLogin(seal, login, session);
  return (await relyingParty.createAuthorizationUrl(account, provider, checks, contexts)).href;
}

function createLogin({ organization }: Account, { id }: IdentityProviderRecord, target?: LoginTarget): Login {
  return { authDomain: organization.authDomain, idpId: id, target };
}

function findProvider(account: Account, id: string | undefined): IdentityProviderRecord {
  const provider = account.identityProviders.get(id ?? "");
  if (!provider) throw unknownIdentityProvider();
  return provider;
}
