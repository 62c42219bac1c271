/**
 * Inputs and outputs of `cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider`.
 * Source: typings of @pulumi/cloudflare 6.22.1; replacement and validation from terraform-provider-cloudflare 5.
 */
import { block, flag, integer, listOf, type Table, text } from "../properties";
import { oneOf } from "./expectations";

export const TYPES = [
  "onetimepin",
  "azureAD",
  "saml",
  "centrify",
  "facebook",
  "github",
  "google-apps",
  "google",
  "linkedin",
  "oidc",
  "okta",
  "onelogin",
  "pingone",
  "yandex",
  "cloudflare",
];

/** Settings of `config` that only one type of identity provider has. */
export const TYPE_OF_SETTING: Record<string, string> = {
  appsDomain: "google-apps",
  attributes: "saml",
  authUrl: "oidc",
  authorizationServerId: "okta",
  centrifyAccount: "centrify",
  centrifyAppId: "centrify",
  certsUrl: "oidc",
  conditionalAccessEnabled: "azureAD",
  directoryId: "azureAD",
  emailAttributeName: "saml",
  headerAttributes: "saml",
  idpPublicCerts: "saml",
  issuerUrl: "saml",
  oktaAccount: "okta",
  oneloginAccount: "onelogin",
  pingEnvId: "pingone",
  prompt: "azureAD",
  scopes: "oidc",
  signRequest: "saml",
  ssoTargetUrl: "saml",
  supportGroups: "azureAD",
  tokenUrl: "oidc",
};

const computed = { computed: true };

const config = block(
  {
    appsDomain: text(),
    attributes: listOf(text()),
    authUrl: text(),
    authorizationServerId: text(),
    centrifyAccount: text(),
    centrifyAppId: text(),
    certsUrl: text(),
    claims: listOf(text()),
    clientId: text(),
    clientSecret: text({ secret: true }),
    conditionalAccessEnabled: flag(),
    directoryId: text(),
    emailAttributeName: text(),
    emailClaimName: text(),
    enableEncryption: flag(computed),
    forceAuthn: flag(computed),
    headerAttributes: listOf(block({ attributeName: text(), headerName: text() })),
    idpPublicCerts: listOf(text()),
    issuerUrl: text(),
    maxSsoUrlLength: integer(computed),
    oktaAccount: text(),
    oneloginAccount: text(),
    pingEnvId: text(),
    pkceEnabled: flag(),
    prompt: text({ expect: oneOf("login", "select_account", "none") }),
    redirectUrl: text({ output: true }),
    restrictToAccountMembers: flag(computed),
    scopes: listOf(text()),
    signRequest: flag(),
    ssoTargetUrl: text(),
    supportGroups: flag(),
    tokenUrl: text(),
    useLoginHint: flag(computed),
  },
  { required: true, description: "The configuration parameters for the identity provider." },
);

export const scimConfig = block(
  {
    enabled: flag({ implied: false }),
    identityUpdateBehavior: text({ implied: "no_action", expect: oneOf("automatic", "reauth", "no_action") }),
    scimBaseUrl: text({ output: true }),
    seatDeprovision: flag({ implied: false }),
    secret: text({ output: true, secret: true }),
    userDeprovision: flag({ implied: false }),
  },
  computed,
);

export const identityProviderTable: Table = {
  accountId: text({ replaces: true }),
  config,
  name: text({
    required: true,
    description: "The name of the identity provider, shown to users on the login page.",
  }),
  readOnly: flag(),
  samlCertificateSetId: text(),
  scimConfig,
  type: text({
    required: true,
    replaces: true,
    expect: oneOf(...TYPES),
    description: "The type of identity provider.",
  }),
  zoneId: text({ replaces: true }),
};
