import { z } from "zod";
import type { Account } from "../store/cloudflare/account";
import { formatTimestamp } from "../store/store";
import { allow_authenticate_via_warp } from "./access/applications/body";
import { durationSchema } from "./access/duration";
import { clearable, validateBody } from "./body";
import { type CloudflareCall, type CloudflareOperation, type CloudflareResponse, readJsonBody } from "./call";
import { cloudflareNotServed } from "./errors";

export const organizationOperations: CloudflareOperation[] = [
  {
    call: "GET /access/organizations",
    permission: "organization",
    handle: (call) => ({ status: 200, result: toOrganizationWire(call.account) }),
  },
  { call: "PUT /access/organizations", permission: "organization", handle: updateOrganization },
];

const LOGIN_DESIGN = {
  background_color: null,
  text_color: null,
  logo_path: null,
  header_text: null,
  footer_text: null,
};

const text = z.string().nullish();

const body = z.strictObject({
  name: z.string().min(1).optional(),
  auth_domain: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.cloudflareaccess\.com$/, "must be a team domain")
    .optional(),
  login_design: clearable(
    z.strictObject({
      background_color: text,
      text_color: text,
      logo_path: text,
      header_text: text,
      footer_text: text,
    }),
  ),
  is_ui_read_only: clearable(z.boolean()),
  ui_read_only_toggle_reason: clearable(z.string()),
  user_seat_expiration_inactive_time: clearable(durationSchema),
  auto_redirect_to_identity: clearable(z.boolean()),
  allow_authenticate_via_warp,
  warp_auth_session_duration: z.null().optional(),
  session_duration: clearable(durationSchema),
});

/** Updates the given fields; none is required. */
async function updateOrganization(call: CloudflareCall): Promise<CloudflareResponse> {
  const { organization } = call.account;
  const echo = {
    shown: toOrganizationWire(call.account),
    readOnly: { "": ["created_at", "updated_at"] },
  };
  const { name, auth_domain, ...settings } = validateBody(call, body, await readJsonBody(call), echo);
  if (auth_domain !== undefined) {
    const accounts = [...call.store.accounts.values()];
    if (accounts.some((other) => other !== call.account && other.organization.authDomain === auth_domain))
      throw cloudflareNotServed(call.c.req, "a team domain of another account");
    organization.authDomain = auth_domain;
  }
  if (name !== undefined) organization.name = name;
  for (const [setting, value] of Object.entries(settings)) {
    if (value === undefined) delete organization.settings[setting];
    else organization.settings[setting] = value;
  }
  organization.updatedAt = formatTimestamp(call.store.now());
  return { status: 200, result: toOrganizationWire(call.account) };
}

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/organizations/methods/list */
function toOrganizationWire({ organization }: Account): Record<string, unknown> {
  const { login_design, ...settings } = organization.settings;
  return {
    name: organization.name,
    auth_domain: organization.authDomain,
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
    login_design: { ...LOGIN_DESIGN, ...(login_design as object | undefined) },
    is_ui_read_only: false,
    ui_read_only_toggle_reason: null,
    user_seat_expiration_inactive_time: null,
    auto_redirect_to_identity: false,
    allow_authenticate_via_warp: false,
    warp_auth_session_duration: null,
    session_duration: "24h",
    ...settings,
  };
}
