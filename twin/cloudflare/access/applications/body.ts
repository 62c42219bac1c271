import { z } from "zod";
import { clearable } from "../../body";
import { sessionDurationSchema } from "../duration";
import { policyLinkSchema } from "../policies/links";
import { corsSchema } from "./cors";
import { destinationsSchema, uriSchema } from "./destinations";

/** Application types of Access that the twin does not serve. */
export const OTHER_TYPES = [
  "saas",
  "ssh",
  "vnc",
  "rdp",
  "biso",
  "bookmark",
  "dash_sso",
  "infrastructure",
  "mcp",
  "mcp_portal",
  "proxy_endpoint",
];

const id = z.string().min(1);

/** Defaults of settings that Access always shows. */
const DEFAULTS = {
  app_launcher_visible: true,
  enable_binding_cookie: false,
  http_only_cookie_attribute: true,
  options_preflight_bypass: false,
};

/** Sign-in through WARP, which is impossible without a WARP session duration. */
export const allow_authenticate_via_warp = clearable(
  z.literal(false, "cannot be set if the Warp Auth Session Duration is not set for the account"),
);

const flag = clearable(z.boolean());
const text = clearable(z.string());

const settings = {
  allow_authenticate_via_warp,
  allow_iframe: flag,
  app_launcher_visible: flag,
  cors_headers: clearable(corsSchema),
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
export const applicationBodySchema = z.strictObject({
  type: z.literal("self_hosted"),
  name: z.string().min(1),
  domain: clearable(uriSchema),
  destinations: clearable(destinationsSchema),
  self_hosted_domains: clearable(z.array(uriSchema)),
  allowed_idps: clearable(z.array(id)),
  auto_redirect_to_identity: flag,
  session_duration: clearable(sessionDurationSchema),
  tags: clearable(z.array(z.string())),
  policies: clearable(z.array(policyLinkSchema)),
  ...settings,
});

export type ApplicationBody = z.output<typeof applicationBodySchema>;

/** Collects the settings of a body that are stored as sent. */
export function collectApplicationSettings(body: ApplicationBody): Record<string, unknown> {
  const sent = Object.entries(body).filter(([name, value]) => name in settings && value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(sent) };
}
