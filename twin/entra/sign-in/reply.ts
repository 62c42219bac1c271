import { EntraNotServed, SignInError } from "../errors";
import { renderFormPost } from "./pages";

/** The destination of the reply to an authorization request. */
export interface ReplyTarget {
  redirectUri: string;
  /** `query`, `fragment` or `form_post`. */
  responseMode: string;
  state?: string | undefined;
  /** Set for admin consent; `scope` is empty for all registered permissions. */
  adminConsent?: { tenant: string; scope: string };
}

/** Sends the user back to the application with a reply. */
function sendReply(to: ReplyTarget, fields: Record<string, string>): Response {
  const all = { ...fields, ...(to.state === undefined ? {} : { state: to.state }) };
  if (to.responseMode === "form_post") return renderFormPost(to.redirectUri, all);
  const target = new URL(to.redirectUri);
  if (to.responseMode === "fragment") target.hash = new URLSearchParams(all).toString();
  else for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
  return new Response(null, {
    status: 302,
    headers: { location: target.href, "cache-control": "no-store, no-cache" },
  });
}

/** Sends the user back with a code, or with the confirmation of admin consent. */
export function replyGranted(to: ReplyTarget, code: string): Response {
  if (!to.adminConsent) return sendReply(to, { code });
  const { tenant, scope } = to.adminConsent;
  return sendReply(to, { admin_consent: "True", tenant, ...(scope === "" ? {} : { scope }) });
}

/** Sends the user back with an error. @param code OAuth error; default: the error's usual one */
export function replyRefused(to: ReplyTarget, error: SignInError, now: Date, code?: string): Response {
  const body = error.body(now);
  if (to.adminConsent) return sendReply(to, describeAdminConsentRefusal(to.adminConsent.scope, error, body));
  return sendReply(to, {
    error: code ?? body.error,
    error_description: body.error_description,
    error_uri: body.error_uri,
  });
}

/** Builds the refusal of admin consent, which its two endpoints document differently. */
function describeAdminConsentRefusal(
  scope: string,
  { code }: SignInError,
  body: ReturnType<SignInError["body"]>,
) {
  if (scope === "" && code === 65004) {
    return { error: "permission_denied", error_description: "The admin canceled the request" };
  }
  return {
    admin_consent: "True",
    error: code === 65004 ? "consent_required" : body.error,
    error_description: body.error_description,
  };
}

/** Entra's errors by those of oidc-provider for authorization requests. */
const AUTHORIZATION_ERRORS: Record<string, (facts: { app: string; name: string }) => SignInError> = {
  login_required: () => new SignInError(50058, {}),
  consent_required: (facts) => new SignInError(65001, facts),
  access_denied: () => new SignInError(65004, {}),
};

/** Translates an error of oidc-provider to Entra's. @throws EntraNotServed */
export function translateAuthorizationError(error: Error, facts: { app: string; name: string }): SignInError {
  const translated = AUTHORIZATION_ERRORS[error.message]?.(facts);
  if (!translated) throw new EntraNotServed(describe(error));
  return translated;
}

/** Entra's errors by the text of oidc-provider's for token requests. */
const TOKEN_ERRORS: [text: string, error: (redirectUri: string) => SignInError][] = [
  ["already consumed", () => new SignInError(54005, {})],
  ["is expired", () => new SignInError(70008, {})],
  ["code_verifier must be provided", () => new SignInError(50148, {})],
  ["code_verifier", () => new SignInError(501481, {})],
  ["redirect_uri mismatch", (value) => new SignInError(500112, { value })],
  ["invalid_grant", () => new SignInError(70000, {})],
];

/** Translates an error of oidc-provider to Entra's. @throws EntraNotServed */
export function translateTokenError(error: Error, redirectUri: string): SignInError {
  if (error instanceof SignInError) return error;
  const translate = TOKEN_ERRORS.find(([text]) => describe(error).includes(text))?.[1];
  if (!translate) throw new EntraNotServed(describe(error));
  return translate(redirectUri);
}

/** Describes an error of oidc-provider. @throws the error itself when it is a defect */
function describe(error: Error): string {
  if (!("expose" in error)) throw error;
  const { error_description, error_detail } = error as { error_description?: string; error_detail?: string };
  return [error.message, error_description, error_detail].filter(Boolean).join(": ");
}
