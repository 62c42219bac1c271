import { z } from "zod";
import type { Account } from "../store/account";
import { wholeSeconds } from "../store/store";
import { allow_authenticate_via_warp } from "./access/application-body";
import { duration } from "./access/duration";
import { checkedBody, clearable } from "./body";
import { type Answer, type Call, jsonBody, type Operation } from "./call";
import { notServed } from "./errors";

export const organizationOperations: Operation[] = [
  {
    method: "GET",
    path: "/access/organizations",
    permission: "organization",
    handle: (call) => ({ status: 200, result: organizationWire(call.account) }),
  },
  { method: "PUT", path: "/access/organizations", permission: "organization", handle: update },
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
  auth_domain: z.string().optional(),
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
  user_seat_expiration_inactive_time: clearable(duration),
  auto_redirect_to_identity: clearable(z.boolean()),
  allow_authenticate_via_warp,
  warp_auth_session_duration: z.null().optional(),
  session_duration: clearable(duration),
});

/** What is not said stays: no field is required. */
async function update(call: Call): Promise<Answer> {
  const { organization } = call.account;
  const echo = {
    shown: organizationWire(call.account),
    readOnly: { "": ["created_at", "updated_at"] },
  };
  const { name, auth_domain, ...settings } = checkedBody(call, body, await jsonBody(call), echo);
  if (auth_domain !== undefined && auth_domain !== organization.authDomain) {
    throw notServed(call.c.req.method, call.c.req.path, "another auth_domain");
  }
  if (name !== undefined) organization.name = name;
  for (const [setting, value] of Object.entries(settings)) {
    if (value === undefined) delete organization.settings[setting];
    else organization.settings[setting] = value;
  }
  organization.updatedAt = wholeSeconds(call.store.now());
  return { status: 200, result: organizationWire(call.account) };
}

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/organizations/methods/list */
function organizationWire({ organization }: Account): Record<string, unknown> {
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
