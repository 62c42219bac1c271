import { isDeepStrictEqual } from "node:util";
import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { AccessApplication, Account } from "../store/account";
import { applicationAt } from "../store/protected";
import { type Access, whence } from "./access";
import { NotJudged, unknownApplication } from "./errors";
import { logAccess } from "./log";
import { deniedPage, purposePage } from "./pages";
import { type Answer, decide } from "./policy/decide";
import type { Session } from "./sessions/sessions";
import type { Identity } from "./sign-in/identity";
import { LOGIN_LIFETIME, type Target } from "./sign-in/login-state";

/** What the team domain hands to the application, by way of the browser. */
export interface Handoff extends Target {
  /** Of the session. */
  nonce: string;
  /** When the application's token ends, in milliseconds since 1970. */
  expires: number;
}

/** Seconds in which the browser has to bring it there. */
const HANDOFF_LIFETIME = 60;

/** The application that a sign-in is for. @throws AccessError when it is not there */
export function applicationOf(account: Account, { aud, hostname, redirectUrl }: Target): AccessApplication {
  const base = `https://${hostname}`;
  const url = URL.canParse(redirectUrl, base) ? new URL(redirectUrl, base) : undefined;
  const found = url?.hostname === hostname ? applicationAt(account, hostname, url.pathname) : undefined;
  if (!found || (aud !== "" && found.aud !== aud)) throw unknownApplication();
  return found;
}

/** Whether the policies let a request through. @param who neither: nobody is signed in */
export function judge(
  c: Context<TwinEnv>,
  access: Access,
  account: Account,
  application: AccessApplication,
  { identity, serviceTokenId }: { identity?: Identity; serviceTokenId?: string } = {},
): Answer {
  return decide({
    application,
    policies: account.accessPolicies,
    groups: account.accessGroups,
    now: access.store.now(),
    person: {
      ...whence(c, access),
      groups: (identity?.groups ?? []).map(({ id }) => id),
      ...(serviceTokenId === undefined ? {} : { serviceTokenId }),
      ...(identity ? { email: identity.email, identityProviderId: identity.idp.id, amr: identity.amr } : {}),
    },
  });
}

/**
 * Why somebody who was let in is kept out now, from where they have gone since; undefined: they are not. Access asks
 * about the place with each request, and about who somebody is with each token.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#selectors
 */
export function refusedSinceMoved(
  c: Context<TwinEnv>,
  access: Access,
  account: Account,
  { application, session }: { application: AccessApplication; session: Session },
): string | undefined {
  if (isDeepStrictEqual(session.places.get(application.aud), whence(c, access))) return undefined;
  const { allowed, reason } = judge(c, access, account, application, session);
  return allowed ? undefined : reason;
}

/** Sends somebody who is signed in on to the application, or says why not; the log has it either way. */
export function admit(
  c: Context<TwinEnv>,
  access: Access,
  account: Account,
  { target, session, purpose }: { target: Target; session: Session; purpose?: string },
): Response {
  const { store, seal } = access;
  const { identity } = session;
  const application = applicationOf(account, target);
  const { allowed, expires, reason, policy } = judge(c, access, account, application, { identity });
  const asks = account.accessPolicies.get(policy?.id ?? "")?.asks ?? {};
  // Who approves, and how long it holds, the twin does not know.
  if (allowed && asks.approval_required === true) throw new NotJudged("approval");
  if (allowed && asks.purpose_justification_required === true && !purpose) {
    const prompt = String(asks.purpose_justification_prompt ?? "");
    return purposePage({ application, prompt, state: seal.close("purpose", target, LOGIN_LIFETIME) });
  }
  const now = store.now().getTime();
  if (expires && expires.getTime() <= now) throw new NotJudged("a session that ends at once");
  const rayId = logAccess(store, account, {
    action: "login",
    allowed,
    appDomain: application.domain,
    appUid: application.id,
    connection: identity.idp.type,
    ipAddress: whence(c, access).ip,
    userEmail: identity.email,
    ...(purpose ? { purpose } : {}),
  });
  if (!allowed) return deniedPage(application, identity, reason, rayId);
  const handoff: Handoff = { ...target, nonce: session.nonce, expires: (expires ?? new Date(now)).getTime() };
  const url = new URL(`https://${target.hostname}/cdn-cgi/access/authorized`);
  url.searchParams.set("nonce", session.nonce);
  url.searchParams.set("state", seal.close("handoff", handoff, HANDOFF_LIFETIME));
  return c.redirect(url.href);
}
