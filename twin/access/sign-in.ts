import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { TwinEnv } from "../requests";
import type { Store } from "../store";
import type { Account, IdentityProvider } from "../stored";
import { AccessError, invalidState, unknownIdentityProvider } from "./errors";
import { type Identity, identityOf } from "./identity";
import { logAccess } from "./log";
import type { Login, LoginStates } from "./login-state";
import { connectionFailedPage, connectionWorksPage } from "./pages";
import type { RelyingParty } from "./relying-party";

/** What the team domains share. */
export interface Access {
  store: Store;
  states: LoginStates;
  relyingParty: RelyingParty;
}

/** Ties a sign-in to the browser that began it. */
const SESSION = "CF_Session";
/** Of {@link SESSION}, in seconds. */
const SESSION_LIFETIME = 4 * 3600;

/** `/cdn-cgi/access/test-idp/{id}`, the dashboard's Test button: on to the identity provider. */
export async function openTest(c: Context<TwinEnv>, access: Access, account: Account): Promise<Response> {
  const provider = providerOf(account, c.req.param("id") ?? "");
  const session = getCookie(c, SESSION) ?? access.states.session();
  setCookie(c, SESSION, session, { path: "/", httpOnly: true, sameSite: "Lax", maxAge: SESSION_LIFETIME });
  const login: Login = {
    authDomain: account.organization.authDomain,
    idpId: provider.id,
    isIDPTest: true,
  };
  const checks = access.states.start(login, session);
  return c.redirect((await access.relyingParty.authorizationUrl(account, provider, checks)).href);
}

/** `/cdn-cgi/access/callback`: where the identity provider sends people back to. */
export async function callback(c: Context<TwinEnv>, access: Access, account: Account): Promise<Response> {
  const { store, states, relyingParty } = access;
  const { login, checks } = states.resume(c.req.query("state"), getCookie(c, SESSION));
  if (login.authDomain !== account.organization.authDomain) throw invalidState();
  const provider = providerOf(account, login.idpId);
  const ip = (c.env as HttpBindings).incoming.socket.remoteAddress ?? "";
  const log = (allowed: boolean, userEmail: string) =>
    logAccess(store, account, {
      action: "login",
      allowed,
      appDomain: account.organization.authDomain,
      connection: "azureAD",
      ipAddress: ip,
      userEmail,
    });
  let identity: Identity;
  try {
    const signedIn = await relyingParty.signIn(account, provider, new URL(c.req.url).search, checks);
    identity = await identityOf({ store, account, provider, ip }, relyingParty, signedIn);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    log(false, "");
    return connectionFailedPage(provider, error);
  }
  log(true, identity.email);
  return connectionWorksPage(provider, identity);
}

function providerOf(account: Account, id: string): IdentityProvider {
  const found = account.identityProviders.get(id);
  if (!found) throw unknownIdentityProvider();
  return found;
}
