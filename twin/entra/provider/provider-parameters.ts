/**
 * The name of `offline_access` inside oidc-provider, which drops that scope from requests without a consent prompt;
 * Entra issues refresh tokens without one.
 */
const OFFLINE = "offline";
export const toProviderScope = (scope: string) => (scope === "offline_access" ? OFFLINE : scope);
const fromProviderScope = (scope: string) => (scope === OFFLINE ? "offline_access" : scope);

/** The parameter that keeps the response mode during sign-in, because oidc-provider always replies in the query. */
export const RESPONSE_MODE = "entra_response_mode";

/** The parameter that requests admin consent, with the scope. Its prefix is needed because a scope may be empty. */
export const ADMIN_CONSENT = "entra_admin_consent";
export const encodeConsentScope = (scope: string) => `scope:${scope}`;
export const decodeConsentScope = (parameter: string) => parameter.slice("scope:".length);

/** Parses scopes of oidc-provider to those of Entra. */
export function parseProviderScopes(scope: string | undefined): string[] {
  return (scope ?? "").split(" ").filter(Boolean).map(fromProviderScope);
}

/** The header with the address of the browser, which oidc-provider does not see because it is called in process. */
export const ADDRESS_HEADER = "x-twin-address";

/** Path of the sign-in and consent pages below the tenant. */
export const INTERACTION_PATH = "signin";
