import { z } from "zod";
import { clearable } from "../body";
import { duration } from "./duration";

/** Types that Access knows and the twin does not. */
export const OTHER_TYPES = [
  ...["saas", "ssh", "vnc", "rdp", "app_launcher", "warp", "biso", "bookmark", "dash_sso"],
  ...["infrastructure", "mcp", "mcp_portal", "proxy_endpoint"],
];

/**
 * Host name and path, each part with one wildcard at most, without scheme, port and query.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths/
 */
const uri = z
  .string()
  .regex(/^([\w-]*\*?[\w-]*\.)+[\w-]*\*?[\w-]*(\/[^/*?#\s]*\*?[^/*?#\s]*)*$/, "want a host name and a path");

const id = z.string().min(1);

/** With the id of a policy, or with its settings: then it is the application's own. */
const policy = z.union([id, z.looseObject({ id: id.optional(), precedence: z.int().min(1).nullish() })]);

/** Settings that are kept and shown, with what Access takes them for when nobody says. */
const flags = {
  app_launcher_visible: true,
  enable_binding_cookie: false,
  http_only_cookie_attribute: true,
  options_preflight_bypass: false,
};

/** The other sort of session that people may have lasts for a time that nobody can set here. */
export const allow_authenticate_via_warp = clearable(
  z.literal(false, "cannot be set if the Warp Auth Session Duration is not set for the account"),
);

/** Settings that are kept and shown when somebody says. */
const optional = {
  allow_authenticate_via_warp,
  allow_iframe: clearable(z.boolean()),
  custom_deny_message: clearable(z.string()),
  custom_deny_url: clearable(z.string()),
  custom_non_identity_deny_url: clearable(z.string()),
  logo_url: clearable(z.string()),
  path_cookie_attribute: clearable(z.boolean()),
  same_site_cookie_attribute: clearable(z.enum(["none", "lax", "strict"])),
  service_auth_401_redirect: clearable(z.boolean()),
  skip_interstitial: clearable(z.boolean()),
};

const settings = z.object({
  app_launcher_visible: clearable(z.boolean()),
  enable_binding_cookie: clearable(z.boolean()),
  http_only_cookie_attribute: clearable(z.boolean()),
  options_preflight_bypass: clearable(z.boolean()),
  ...optional,
});

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/ */
export const applicationBody = z.strictObject({
  type: z.literal("self_hosted"),
  name: z.string().min(1),
  domain: clearable(uri),
  destinations: clearable(z.array(z.strictObject({ type: z.literal("public").optional(), uri })).min(1)),
  self_hosted_domains: clearable(z.array(uri).min(1)),
  allowed_idps: clearable(z.array(id)),
  auto_redirect_to_identity: clearable(z.boolean()),
  session_duration: clearable(duration),
  tags: clearable(z.array(z.string())),
  policies: clearable(z.array(policy)),
  ...settings.shape,
});

export type ApplicationBody = z.output<typeof applicationBody>;

/** Those of the body that are kept as they are. */
export function settingsOf(body: ApplicationBody): Record<string, unknown> {
  const said = Object.entries(body).filter(([name, value]) => name in settings.shape && value !== undefined);
  return { ...flags, ...Object.fromEntries(said) };
}
