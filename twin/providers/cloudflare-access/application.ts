/** `cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication`, as far as self-hosted applications go. */

import { accountResource } from "../cloudflare/account-resource";
import { duration, oneOf } from "../cloudflare/expectations";
import { compare } from "../diff";
import { block, flag, integer, listOf, setOf, type Table, text } from "../properties";
import { isRecord, type Properties } from "../values";
import { mfaConfig } from "./policy";

const unsupported = { unsupported: true };

/** Types of their own, with rules of their own: the real plugin has them. */
const OTHER_TYPES: Table = {
  appLauncherLogoUrl: text(unsupported),
  bgColor: text(unsupported),
  customPages: listOf(text(), unsupported),
  footerLinks: listOf(text(), unsupported),
  headerBgColor: text(unsupported),
  landingPageDesign: block({}, unsupported),
  oauthConfiguration: block({}, unsupported),
  saasApp: block({}, unsupported),
  scimConfig: block({}, unsupported),
  skipAppLauncherLoginPage: flag(unsupported),
  targetCriterias: listOf(text(), unsupported),
};

const corsHeaders = block({
  allowAllHeaders: flag({ conflicts: "allowedHeaders" }),
  allowAllMethods: flag(),
  allowAllOrigins: flag(),
  allowCredentials: flag({ conflicts: "allowAllOrigins" }),
  allowedHeaders: setOf(text()),
  allowedMethods: setOf(
    text({ expect: oneOf("GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH") }),
  ),
  allowedOrigins: setOf(text()),
  maxAge: integer(),
});

const destination = block({
  cidr: text(),
  hostname: text(),
  l4Protocol: text({ expect: oneOf("tcp", "udp") }),
  mcpServerId: text(unsupported),
  portRange: text(),
  type: text({ implied: "public", expect: oneOf("public", "private", "via_mcp_server_portal") }),
  uri: text(),
  vnetId: text(),
  workerId: text(unsupported),
});

const HOSTS = /^(domain|destinations|selfHostedDomains)\b/;
const PRIVATE = ["cidr", "hostname", "l4Protocol", "portRange", "vnetId"];

const table: Table = {
  accountId: text({ replaces: true }),
  allowAuthenticateViaWarp: flag(),
  allowIframe: flag(),
  allowedIdps: setOf(text()),
  appLauncherVisible: flag({ implied: true }),
  aud: text({ output: true }),
  autoRedirectToIdentity: flag(),
  corsHeaders,
  customDenyMessage: text(),
  customDenyUrl: text(),
  customNonIdentityDenyUrl: text(),
  destinations: listOf(destination, { computed: true, conflicts: "selfHostedDomains" }),
  domain: text({ computed: true }),
  enableBindingCookie: flag(),
  httpOnlyCookieAttribute: flag({ implied: true }),
  logoUrl: text(),
  mfaConfig,
  name: text({ computed: true }),
  optionsPreflightBypass: flag(),
  pathCookieAttribute: flag(),
  policies: listOf(
    // Policies of the application's own are the older way: the stand-in takes reusable ones.
    block({ id: text({ required: true }), precedence: integer({ computed: true }) }),
  ),
  readServiceTokensFromHeader: text(),
  sameSiteCookieAttribute: text(),
  selfHostedDomains: setOf(text(), { computed: true }),
  serviceAuth401Redirect: flag({ terraform: "service_auth_401_redirect" }),
  sessionDuration: text({ implied: "24h", expect: duration }),
  skipInterstitial: flag(),
  tags: setOf(text()),
  type: text({ computed: true, expect: oneOf("self_hosted", "warp") }),
  zoneId: text({ replaces: true }),
  ...OTHER_TYPES,
};

export const accessApplication = accountResource({
  terraform: "cloudflare_zero_trust_access_application",
  path: "/access/apps",
  idName: "app_id",
  table,

  sent: ({ app_launcher_visible, http_only_cookie_attribute, ...body }) =>
    body.type === "warp" ? body : { ...body, app_launcher_visible, http_only_cookie_attribute },

  // The real plugin has no value for these there; a table implies one for all.
  normalized: (outputs) => ({
    ...(outputs.type === "warp" && { appLauncherVisible: true, httpOnlyCookieAttribute: true }),
    ...outputs,
  }),

  validate(inputs, name) {
    const misplaced =
      inputs.type === "warp" ? SELF_HOSTED.filter((setting) => inputs[setting] !== undefined) : [];
    const failures = records(inputs.destinations).flatMap((one, index) => {
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
    return failures.map((failure) => ({
      property: "",
      reason: `Invalid Attribute Combination. ${failure}. Examine values at '${name}'.`,
    }));
  },

  /** Domain and destinations go together: unchanged they are sent as they are, changed only as the program says. */
  wanted(state, inputs) {
    const same = ![...compare(table, state, inputs, "null only").keys()].some((path) => HOSTS.test(path));
    const { domain, destinations } = state;
    // Without `policies` the API leaves those that there are.
    return { ...(same && { domain, destinations }), policies: [], ...inputs };
  },
});

/** What is not for every type of application. */
const SELF_HOSTED = [
  ...["allowAuthenticateViaWarp", "appLauncherVisible", "destinations", "enableBindingCookie"],
  ...["httpOnlyCookieAttribute", "logoUrl", "pathCookieAttribute", "sameSiteCookieAttribute"],
  ...["selfHostedDomains", "skipInterstitial"],
];

const EXACTLY_ONE = [
  ["allowAllMethods", "allowedMethods"],
  ["allowAllOrigins", "allowedOrigins"],
] as const;

function records(value: unknown): Properties[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
