import { randomInt } from "node:crypto";
import { getCookie } from "hono/cookie";
import type { Account, PinMail, PinProvider } from "../../store/account";
import type { Store } from "../../store/store";
import { type Page, whence } from "../access";
import { applicationOf, judge } from "../admission";
import { invalidState, usedPin } from "../errors";
import { logAccess } from "../log";
import { deniedPage, errorPage, pinPage } from "../pages";
import { pinIdentity } from "./identity";
import { resumeLogin } from "./login-state";
import { enter, SESSION } from "./sign-in";

/** How long a PIN works, in milliseconds. */
const PIN_LIFETIME = 10 * 60_000;

/**
 * `/cdn-cgi/access/verify-code/{host}`: takes an address and mails a PIN to it, then takes the PIN. Whether a mail was
 * sent is not to be seen.
 *
 * https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/one-time-pin/
 */
export const verifyCode: Page = async (c, access, account) => {
  const { store, seal } = access;
  const form = new URLSearchParams(await c.req.text());
  const state = form.get("state") ?? "";
  const { login, checks } = resumeLogin(seal, state, getCookie(c, SESSION));
  const { target } = login;
  if (login.authDomain !== account.organization.authDomain || !target) throw invalidState();
  const provider = pinProviderOf(account, login.idpId);
  const application = applicationOf(account, target);
  const email = (form.get("email") ?? "").trim();
  const identity = pinIdentity({ store, account, provider, place: whence(c, access) }, email);

  const code = form.get("code");
  if (code === null) {
    if (judge(c, access, account, application, { identity }).allowed) {
      account.mails.set(checks.nonce, newMail(store, checks.nonce, email));
    }
    return pinPage({ application, email, state });
  }
  const mail = account.mails.get(checks.nonce);
  const right = mail?.to === email && mail.pin === code.trim();
  if (right && mail.usedAt === undefined && store.now().getTime() < Date.parse(mail.expiresAt)) {
    mail.usedAt = store.now().toISOString();
    return enter(c, access, account, { target, identity });
  }
  const rayId = logAccess(store, account, {
    action: "login",
    allowed: false,
    appDomain: application.domain,
    appUid: application.id,
    connection: provider.type,
    ipAddress: identity.ip,
    userEmail: email,
  });
  if (right && mail.usedAt !== undefined) return errorPage(usedPin(), rayId);
  return deniedPage(application, identity, "The code is wrong, or too old.", rayId);
};

function newMail(store: Store, id: string, to: string): PinMail {
  const now = store.now();
  return {
    id,
    to,
    pin: String(randomInt(1_000_000)).padStart(6, "0"),
    sentAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + PIN_LIFETIME).toISOString(),
  };
}

/** @throws AccessError when it went away meanwhile */
function pinProviderOf(account: Account, id: string): PinProvider {
  const found = account.identityProviders.get(id);
  if (found?.type !== "onetimepin") throw invalidState();
  return found;
}
