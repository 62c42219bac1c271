/**
 * Inputs and outputs of `cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider`.
 * Source: typings of @pulumi/cloudflare 6.22.1; replacement and validation from terraform-provider-cloudflare 5.
 */
import { block, boolean, integer, listOf, string, type Table } from "../bridge/table/properties";
import { expectChoice } from "./expectations";

const TYPES = [
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

/** Settings of `config` that belong to one type of identity provider. */
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
    appsDomain: string(),
    attributes: listOf(string()),
    authUrl: string(),
    authorizationServerId: string(),
    centrifyAccount: string(),
    centrifyAppId: string(),
    certsUrl: string(),
    claims: listOf(string()),
    clientId: string(),
    clientSecret: string({ secret: true }),
    conditionalAccessEnabled: boolean(),
    directoryId: string(),
    emailAttributeName: string(),
    emailClaimName: string(),
    enableEncryption: boolean(computed),
    forceAuthn: boolean(computed),
    headerAttributes: listOf(block({ attributeName: string(), headerName: string() })),
    idpPublicCerts: listOf(string()),
    issuerUrl: string(),
    maxSsoUrlLength: integer(computed),
    oktaAccount: string(),
    oneloginAccount: string(),
    pingEnvId: string(),
    pkceEnabled: boolean(),
    prompt: string({ expect: expectChoice("login", "select_account", "none") }),
    redirectUrl: string({ output: true }),
    restrictToAccountMembers: boolean(computed),
    scopes: listOf(string()),
    signRequest: boolean(),
    ssoTargetUrl: string(),
    supportGroups: boolean(),
    tokenUrl: string(),
    useLoginHint: boolean(computed),
  },
  { required: true, description: "The configuration parameters for the identity provider." },
);

const scimConfig = block(
  {
    enabled: boolean({ implied: false }),
    identityUpdateBehavior: string({
      implied: "no_action",
      expect: expectChoice("automatic", "reauth", "no_action"),
    }),
    scimBaseUrl: string({ output: true, nonNull: true }),
    seatDeprovision: boolean({ implied: false }),
    secret: string({ output: true, nonNull: true, secret: true }),
    userDeprovision: boolean({ implied: false }),
  },
  computed,
);

export const identityProviderTable: Table = {
  accountId: string({ replaces: true }),
  config,
  name: string({
    required: true,
    description: "The name of the identity provider, shown to users on the login page.",
  }),
  readOnly: boolean(),
  samlCertificateSetId: string(),
  scimConfig,
  type: string({
    required: true,
    replaces: true,
    expect: expectChoice(...TYPES),
    description: "The type of identity provider.",
  }),
  zoneId: string({ replaces: true }),
};
