/** `cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication`, for self-hosted applications. */

import { compareProperties } from "../../bridge/table/diff";
import { block, boolean, integer, listOf, setOf, string, type Table } from "../../bridge/table/properties";
import { isRecord, type Properties } from "../../bridge/values";
import { createAccountResource } from "../account-resource";
import { expectChoice, expectDuration } from "../expectations";
import { mfaConfigBlock } from "./policy";

const unsupported = { unsupported: true };

/** Settings of other application types, which the stand-in does not support. */
const OTHER_TYPES: Table = {
  appLauncherLogoUrl: string(unsupported),
  bgColor: string(unsupported),
  customPages: listOf(string(), unsupported),
  footerLinks: listOf(string(), unsupported),
  headerBgColor: string(unsupported),
  landingPageDesign: block({}, unsupported),
  oauthConfiguration: block({}, unsupported),
  saasApp: block({}, unsupported),
  scimConfig: block({}, unsupported),
  skipAppLauncherLoginPage: boolean(unsupported),
  targetCriterias: listOf(string(), unsupported),
};

const corsHeaders = block({
  allowAllHeaders: boolean({ conflicts: "allowedHeaders" }),
  allowAllMethods: boolean(),
  allowAllOrigins: boolean(),
  allowCredentials: boolean({ conflicts: "allowAllOrigins" }),
  allowedHeaders: setOf(string()),
  allowedMethods: setOf(
    string({
      expect: expectChoice("GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"),
    }),
  ),
  allowedOrigins: setOf(string()),
  maxAge: integer(),
});

const destination = block({
  cidr: string(),
  hostname: string(),
  l4Protocol: string({ expect: expectChoice("tcp", "udp") }),
  mcpServerId: string(unsupported),
  portRange: string(),
  type: string({
    implied: "public",
    expect: expectChoice("public", "private", "via_mcp_server_portal"),
  }),
  uri: string(),
  vnetId: string(),
  workerId: string(unsupported),
});

const HOSTS = /^(domain|destinations|selfHostedDomains)\b/;
const PRIVATE = ["cidr", "hostname", "l4Protocol", "portRange", "vnetId"];

const table: Table = {
  accountId: string({ replaces: true }),
  allowAuthenticateViaWarp: boolean(),
  allowIframe: boolean(),
  allowedIdps: setOf(string()),
  appLauncherVisible: boolean({ computed: true }),
  aud: string({ output: true }),
  autoRedirectToIdentity: boolean(),
  corsHeaders,
  customDenyMessage: string(),
  customDenyUrl: string(),
  customNonIdentityDenyUrl: string(),
  destinations: listOf(destination, { computed: true, conflicts: "selfHostedDomains" }),
  domain: string({ computed: true }),
  enableBindingCookie: boolean(),
  httpOnlyCookieAttribute: boolean({ computed: true }),
  logoUrl: string(),
  mfaConfig: mfaConfigBlock,
  name: string({ computed: true }),
  optionsPreflightBypass: boolean(),
  pathCookieAttribute: boolean(),
  policies: listOf(
    // The stand-in only supports reusable policies, not policies of the application's own.
    block({ id: string({ required: true }), precedence: integer({ computed: true }) }),
  ),
  readServiceTokensFromHeader: string(),
  sameSiteCookieAttribute: string(),
  selfHostedDomains: setOf(string(), { computed: true }),
  serviceAuth401Redirect: boolean({ terraform: "service_auth_401_redirect" }),
  sessionDuration: string({ implied: "24h", expect: expectDuration }),
  skipInterstitial: boolean(),
  tags: setOf(string()),
  type: string({ computed: true, expect: expectChoice("self_hosted", "warp") }),
  zoneId: string({ replaces: true }),
  ...OTHER_TYPES,
};

export const accessApplicationResource = createAccountResource({
  terraform: "cloudflare_zero_trust_access_application",
  path: "/access/apps",
  idName: "app_id",
  table,

  completeInputs: (inputs) =>
    inputs.type === "warp" ? inputs : { appLauncherVisible: true, httpOnlyCookieAttribute: true, ...inputs },

  validate(inputs, name) {
    const misplaced =
      inputs.type === "warp" ? SELF_HOSTED.filter((setting) => inputs[setting] !== undefined) : [];
    const failures = onlyRecords(inputs.destinations).flatMap((one, index) => {
      const [type, wrong] = one.type === "private" ? ["public", ["uri"]] : ["private", PRIVATE];
      return wrong
        .filter((setting) => one[setting] !== undefined)
        .map((setting) => `destinations[${index}].${setting} can only be set if "type" is one of: "${type}"`);
    });
    failures.push(
      ...misplaced.map((setting) => `${setting} can only be set if "type" is one of: "self_hosted"`),
    );
    const cors = isRecord(inputs.corsHeaders) ? inputs.corsHeaders : undefined;
    for (const [all, some] of cors ? EXACTLY_ONE : []) {
      if ((cors?.[all] === undefined) === (cors?.[some] === undefined))
        failures.push(`exactly one of corsHeaders.${all} and corsHeaders.${some} has to be set`);
    }
    return failures.map(
      (failure) => `Invalid Attribute Combination. ${failure}. Examine values at '${name}'.`,
    );
  },

  /** Sends domain and destinations from the state unless one of them changed. */
  buildUpdate(state, inputs) {
    const same = ![...compareProperties(table, state, inputs, "null only").keys()].some((path) =>
      HOSTS.test(path),
    );
    const { domain, destinations } = state;
    // Without `policies` the API keeps the existing ones.
    return { ...(same && { domain, destinations }), policies: [], ...inputs };
  },
});

/** Settings of self-hosted applications only. */
const SELF_HOSTED = [
  "allowAuthenticateViaWarp",
  "appLauncherVisible",
  "destinations",
  "enableBindingCookie",
  "httpOnlyCookieAttribute",
  "logoUrl",
  "pathCookieAttribute",
  "sameSiteCookieAttribute",
  "selfHostedDomains",
  "skipInterstitial",
];

const EXACTLY_ONE = [
  ["allowAllMethods", "allowedMethods"],
  ["allowAllOrigins", "allowedOrigins"],
] as const;

function onlyRecords(value: unknown): Properties[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
