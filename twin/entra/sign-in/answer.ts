import { NotJudged, SignInError } from "../errors";
import { formPostPage } from "./pages";

/** Where the answer to an authorization request goes. */
export interface ReplyTo {
  redirectUri: string;
  /** `query`, `fragment` or `form_post`. */
  responseMode: string;
  state?: string | undefined;
  /** Of a request for an administrator's consent: what was asked for, empty for what is registered. */
  adminConsent?: { tenant: string; scope: string };
}

/** Sends a person back to the application with an answer. */
export function answer(to: ReplyTo, fields: Record<string, string>): Response {
  const all = { ...fields, ...(to.state === undefined ? {} : { state: to.state }) };
  if (to.responseMode === "form_post") return formPostPage(to.redirectUri, all);
  const target = new URL(to.redirectUri);
  if (to.responseMode === "fragment") target.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
  return new Response(null, {
    status: 302,
    headers: { location: target.href, "cache-control": "no-store, no-cache" },
  });
}

/** Sends a person back to the application with what it asked for: a code, or that an administrator consented. */
export function granted(to: ReplyTo, code: string): Response {
  if (!to.adminConsent) return answer(to, { code });
  const { tenant, scope } = to.adminConsent;
  return answer(to, { admin_consent: "True", tenant, ...(scope === "" ? {} : { scope }) });
}

/** Sends a person back to the application with an error. @param code OAuth error, where it is not the error's usual one */
export function refuse(to: ReplyTo, error: SignInError, now: Date, code?: string): Response {
  const body = error.body(now);
  if (to.adminConsent) return answer(to, adminConsentRefused(to.adminConsent.scope, error, body));
  return answer(to, {
    error: code ?? String(body.error),
    error_description: String(body.error_description),
    error_uri: String(body.error_uri),
  });
}

/** The two endpoints for administrators have manners of their own, as their documentation shows. */
function adminConsentRefused(scope: string, { code }: SignInError, body: Record<string, unknown>) {
  if (scope === "" && code === 65004) {
    return { error: "permission_denied", error_description: "The admin canceled the request" };
  }
  return {
    admin_consent: "True",
    error: code === 65004 ? "consent_required" : String(body.error),
    error_description: String(body.error_description),
  };
}

/** What oidc-provider finds in an authorization request, as Entra says it. */
const AUTHORIZATION_ERRORS: Record<string, (facts: { app: string; name: string }) => SignInError> = {
  login_required: () => new SignInError(50058, {}),
  consent_required: (facts) => new SignInError(65001, facts),
  access_denied: () => new SignInError(65004, {}),
};

/** Entra's error for one of oidc-provider's. @throws NotJudged */
export function authorizationError(error: Error, facts: { app: string; name: string }): SignInError {
  const translated = AUTHORIZATION_ERRORS[error.message]?.(facts);
  if (!translated) throw new NotJudged(describe(error));
  return translated;
}

/** What oidc-provider finds in a token request, as Entra says it. */
const TOKEN_ERRORS: [found: string, error: (redirectUri: string) => SignInError][] = [
  ["already consumed", () => new SignInError(54005, {})],
  ["is expired", () => new SignInError(70008, {})],
  ["code_verifier must be provided", () => new SignInError(50148, {})],
  ["code_verifier", () => new SignInError(501481, {})],
  ["redirect_uri mismatch", (value) => new SignInError(500112, { value })],
  ["invalid_grant", () => new SignInError(70000, {})],
];

/** Entra's error for one of oidc-provider's. @throws NotJudged */
export function tokenError(error: Error, redirectUri: string): SignInError {
  if (error instanceof SignInError) return error;
  const found = TOKEN_ERRORS.find(([text]) => describe(error).includes(text))?.[1];
  if (!found) throw new NotJudged(describe(error));
  return found(redirectUri);
}

/** @throws the error itself when it is none of oidc-provider's, but a defect */
function describe(error: Error): string {
  if (!("expose" in error)) throw error;
  const { error_description, error_detail } = error as { error_description?: string; error_detail?: string };
  return [error.message, error_description, error_detail].filter(Boolean).join(": ");
}
