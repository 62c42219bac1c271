import { z } from "zod";
import { clearable } from "../body";
import { destinations, uri } from "./destinations";
import { duration } from "./duration";
import { policyLink } from "./policy-links";

/** Types that Access knows and the twin does not. */
export const OTHER_TYPES = [
  ...["saas", "ssh", "vnc", "rdp", "app_launcher", "biso", "bookmark", "dash_sso"],
  ...["infrastructure", "mcp", "mcp_portal", "proxy_endpoint"],
];

const id = z.string().min(1);

/** What Access takes these settings for when nobody says; it shows them always. */
const DEFAULTS = {
  app_launcher_visible: true,
  enable_binding_cookie: false,
  http_only_cookie_attribute: true,
  options_preflight_bypass: false,
};

/** WARP, the other way to sign in, has no session duration here. */
export const allow_authenticate_via_warp = clearable(
  z.literal(false, "cannot be set if the Warp Auth Session Duration is not set for the account"),
);

const flag = clearable(z.boolean());
const text = clearable(z.string());

const settings = {
  allow_authenticate_via_warp,
  allow_iframe: flag,
  app_launcher_visible: flag,
  custom_deny_message: text,
  custom_deny_url: text,
  custom_non_identity_deny_url: text,
  enable_binding_cookie: flag,
  http_only_cookie_attribute: flag,
  logo_url: text,
  options_preflight_bypass: flag,
  path_cookie_attribute: flag,
  same_site_cookie_attribute: clearable(z.enum(["none", "lax", "strict"])),
  service_auth_401_redirect: flag,
  skip_interstitial: flag,
};

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export const applicationBody = z.strictObject({
  type: z.literal("self_hosted"),
  name: z.string().min(1),
  domain: clearable(uri),
  destinations: clearable(destinations),
  self_hosted_domains: clearable(z.array(uri)),
  allowed_idps: clearable(z.array(id)),
  auto_redirect_to_identity: flag,
  session_duration: clearable(duration),
  tags: clearable(z.array(z.string())),
  policies: clearable(z.array(policyLink)),
  ...settings,
});

export type ApplicationBody = z.output<typeof applicationBody>;

/** What of the body is kept as it is. */
export function settingsOf(body: ApplicationBody): Record<string, unknown> {
  const said = Object.entries(body).filter(([name, value]) => name in settings && value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(said) };
}
