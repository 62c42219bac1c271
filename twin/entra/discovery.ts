import type { Store } from "../store/store";

/**
 * Builds the OpenID configuration of a tenant (version 2.0), limited to what the twin serves:
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 *
 * @param tenant id of the tenant, or `common` or `organizations`, whose issuer is a template
 */
export function buildOpenidConfiguration(store: Store, tenant: string): Record<string, unknown> {
  const base = `${store.microsoftOrigin}/${tenant}`;
  const issuer = ["common", "organizations"].includes(tenant) ? "{tenantid}" : tenant;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${store.microsoftOrigin}/${issuer}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${store.microsoftOrigin}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: false,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      "sub",
      "iss",
      "aud",
      "exp",
      "iat",
      "nbf",
      "nonce",
      "preferred_username",
      "name",
      "tid",
      "oid",
      "ver",
      "email",
      "upn",
      "given_name",
      "family_name",
    ],
    tenant_region_scope: null,
    cloud_instance_name: new URL(store.microsoftOrigin).host,
    cloud_graph_host_name: new URL(store.microsoftOrigin).host,
    msgraph_host: new URL(store.microsoftOrigin).host,
  };
}

/** Builds the set of public keys that verify tokens. */
export function buildKeySet(store: Store): Record<string, unknown> {
  const issuer = `${store.microsoftOrigin}/{tenantid}/v2.0`;
  return {
    keys: store.signingKeys.map(({ kid, publicKey }) => {
      const { kty, n, e } = publicKey.export({ format: "jwk" });
      return { kty, use: "sig", kid, n, e, issuer };
    }),
  };
}
