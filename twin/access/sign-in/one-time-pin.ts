import { randomInt } from "node:crypto";
import { getCookie } from "hono/cookie";
import type { Account, PinMail, PinProvider } from "../../store/cloudflare/account";
import type { Store } from "../../store/store";
import { getOrigin, type PageHandler } from "../access";
import { evaluateAccessPolicies, findTargetApplication } from "../admission";
import { invalidState, usedPin } from "../errors";
import { logAccess } from "../log";
import { renderAccessError, renderDenied, renderPinForm } from "../pages";
import { buildPinIdentity } from "./identity";
import { resumeLogin } from "./login-state";
import { SESSION_COOKIE, startSession } from "./sign-in";

/** Lifetime of a PIN in milliseconds. */
const PIN_LIFETIME = 10 * 60_000;

/**
 * Serves `/cdn-cgi/access/verify-code/{host}`: receives an address and mails a PIN to it, then receives the PIN. The
 * answer does not reveal if a mail was sent.
 *
 * https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/one-time-pin/
 */
export const verifyPin: PageHandler = async (c, access, account) => {
  const { store, seal } = access;
  const form = new URLSearchParams(await c.req.text());
  const state = form.get("state") ?? "";
  const { login, checks } = resumeLogin(seal, state, getCookie(c, SESSION_COOKIE));
  const { target } = login;
  if (login.authDomain !== account.organization.authDomain || !target) throw invalidState();
  const provider = findPinProvider(account, login.idpId);
  const application = findTargetApplication(account, target);
  const email = (form.get("email") ?? "").trim();
  const identity = buildPinIdentity({ store, account, provider, origin: getOrigin(c, access) }, email);

  const code = form.get("code");
  if (code === null) {
    if (evaluateAccessPolicies(c, access, account, application, { identity }).allowed) {
      account.mails.set(checks.nonce, createMail(store, checks.nonce, email));
    }
    return renderPinForm({ application, email, state });
  }
  const mail = account.mails.get(checks.nonce);
  const isCorrect = mail?.to === email && mail.pin === code.trim();
  if (isCorrect && mail.usedAt === undefined && store.now().getTime() < Date.parse(mail.expiresAt)) {
    mail.usedAt = store.now().toISOString();
    return startSession(c, access, account, { target, identity });
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
  if (isCorrect && mail.usedAt !== undefined) return renderAccessError(usedPin(), rayId);
  return renderDenied(application, identity, "The code is wrong or has expired.", rayId);
};

function createMail(store: Store, id: string, to: string): PinMail {
  const now = store.now();
  return {
    id,
    to,
    pin: String(randomInt(1_000_000)).padStart(6, "0"),
    sentAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + PIN_LIFETIME).toISOString(),
  };
}

/** Finds the one-time PIN provider. @throws AccessError when it was deleted meanwhile */
function findPinProvider(account: Account, id: string): PinProvider {
  const provider = account.identityProviders.get(id);
  if (provider?.type !== "onetimepin") throw invalidState();
  return provider;
}
