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

/** Settings of `config` by the type of identity provider that they belong to. */
const SETTINGS_OF_TYPE: Record<string, Table> = {
  azureAD: {
    conditionalAccessEnabled: boolean(),
    directoryId: string(),
    prompt: string({ expect: expectChoice("login", "select_account", "none") }),
    supportGroups: boolean(),
  },
  centrify: { centrifyAccount: string(), centrifyAppId: string() },
  "google-apps": { appsDomain: string() },
  oidc: { authUrl: string(), certsUrl: string(), scopes: listOf(string()), tokenUrl: string() },
  okta: { authorizationServerId: string(), oktaAccount: string() },
  onelogin: { oneloginAccount: string() },
  pingone: { pingEnvId: string() },
  saml: {
    attributes: listOf(string()),
    emailAttributeName: string(),
    headerAttributes: listOf(block({ attributeName: string(), headerName: string() })),
    idpPublicCerts: listOf(string()),
    issuerUrl: string(),
    signRequest: boolean(),
    ssoTargetUrl: string(),
  },
};

/** Finds the only type of identity provider that has a setting; undefined if several have it. */
export function findTypeOfSetting(setting: string): string | undefined {
  return Object.keys(SETTINGS_OF_TYPE).find((type) => Object.hasOwn(SETTINGS_OF_TYPE[type] ?? {}, setting));
}

const computed = { computed: true };

const config = block(
  {
    ...Object.assign({}, ...Object.values(SETTINGS_OF_TYPE)),
    claims: listOf(string()),
    clientId: string(),
    clientSecret: string({ secret: true }),
    emailClaimName: string(),
    enableEncryption: boolean(computed),
    forceAuthn: boolean(computed),
    maxSsoUrlLength: integer(computed),
    pkceEnabled: boolean(),
    redirectUrl: string({ output: true }),
    restrictToAccountMembers: boolean(computed),
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
