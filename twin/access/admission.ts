import { isDeepStrictEqual } from "node:util";
import type { Context } from "hono";
import type { TwinEnv } from "../http/requests";
import type { AccessApplication, Account } from "../store/cloudflare/account";
import { findApplicationAt } from "../store/cloudflare/protected";
import { type AccessContext, getOrigin } from "./access";
import { NotJudged, unknownApplication } from "./errors";
import { logAccess } from "./log";
import { renderDenied, renderPurposeForm } from "./pages";
import { type AccessDecision, decideAccess } from "./policy/decide";
import type { Session } from "./sessions/sessions";
import type { Identity } from "./sign-in/identity";
import { LOGIN_LIFETIME, type LoginTarget } from "./sign-in/login-state";

/** The data that the team domain passes to the application through the browser. */
export interface Handoff extends LoginTarget {
  /** Nonce of the session. */
  nonce: string;
  /** Expiry of the application's token, in milliseconds since 1970. */
  expires: number;
}

/** Lifetime of a handoff in seconds. */
const HANDOFF_LIFETIME = 60;

/** Finds the application that a sign-in is for. @throws AccessError when there is none */
export function findTargetApplication(
  account: Account,
  { aud, hostname, redirectUrl }: LoginTarget,
): AccessApplication {
  const base = `https://${hostname}`;
  const url = URL.canParse(redirectUrl, base) ? new URL(redirectUrl, base) : undefined;
  const application =
    url?.hostname === hostname ? findApplicationAt(account, hostname, url.pathname) : undefined;
  if (!application || (aud !== "" && application.aud !== aud)) throw unknownApplication();
  return application;
}

/** Evaluates the policies of an application for a request, without identity and token for an anonymous one. */
export function evaluateAccessPolicies(
  c: Context<TwinEnv>,
  access: AccessContext,
  account: Account,
  application: AccessApplication,
  { identity, serviceTokenId }: { identity?: Identity; serviceTokenId?: string } = {},
): AccessDecision {
  return decideAccess({
    application,
    policies: account.accessPolicies,
    groups: account.accessGroups,
    now: access.store.now(),
    requester: {
      ...getOrigin(c, access),
      groups: (identity?.groups ?? []).map(({ id }) => id),
      ...(serviceTokenId === undefined ? {} : { serviceTokenId }),
      ...(identity
        ? {
            email: identity.email,
            identityProviderId: identity.idp.id,
            amr: identity.amr,
            acrs: identity.acrs,
          }
        : {}),
    },
  });
}

/**
 * Evaluates the policies again if the origin changed since the user was admitted, and returns the reason if they refuse
 * the new one. Access checks the origin with each request, and the identity with each token.
 *
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/#selectors
 */
export function findRefusalAfterMove(
  c: Context<TwinEnv>,
  access: AccessContext,
  account: Account,
  { application, session }: { application: AccessApplication; session: Session },
): string | undefined {
  if (isDeepStrictEqual(session.origins.get(application.aud), getOrigin(c, access))) return undefined;
  const { allowed, reason } = evaluateAccessPolicies(c, access, account, application, session);
  return allowed ? undefined : reason;
}

/** Redirects a signed-in user to the application, or shows why the policies refuse; logs both. */
export function admit(
  c: Context<TwinEnv>,
  access: AccessContext,
  account: Account,
  { target, session, purpose }: { target: LoginTarget; session: Session; purpose?: string },
): Response {
  const { store, seal } = access;
  const { identity } = session;
  const application = findTargetApplication(account, target);
  const { allowed, expires, reason, policy } = evaluateAccessPolicies(c, access, account, application, {
    identity,
  });
  const prompts = account.accessPolicies.get(policy?.id ?? "")?.prompts ?? {};
  if (allowed && prompts.approval_required === true) throw new NotJudged("approval");
  if (allowed && prompts.purpose_justification_required === true && !purpose) {
    const prompt = String(prompts.purpose_justification_prompt ?? "");
    return renderPurposeForm({ application, prompt, state: seal.close("purpose", target, LOGIN_LIFETIME) });
  }
  const now = store.now().getTime();
  if (expires && expires.getTime() <= now) throw new NotJudged("a session that ends immediately");
  const rayId = logAccess(store, account, {
    action: "login",
    allowed,
    appDomain: application.domain,
    appUid: application.id,
    connection: identity.idp.type,
    ipAddress: getOrigin(c, access).ip,
    userEmail: identity.email,
    ...(purpose ? { purpose } : {}),
  });
  if (!allowed) return renderDenied(application, identity, reason, rayId);
  const handoff: Handoff = { ...target, nonce: session.nonce, expires: (expires ?? new Date(now)).getTime() };
  const url = new URL(`https://${target.hostname}/cdn-cgi/access/authorized`);
  url.searchParams.set("nonce", session.nonce);
  url.searchParams.set("state", seal.close("handoff", handoff, HANDOFF_LIFETIME));
  return c.redirect(url.href);
}
