import type { Account } from "../stored";
import type { Operation } from "./call";

export const organizationOperations: Operation[] = [
  {
    method: "GET",
    path: "/organizations",
    handle: (call) => ({ status: 200, result: organizationWire(call.account) }),
  },
];

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/organizations/methods/list */
function organizationWire({ organization }: Account): Record<string, unknown> {
  return {
    name: organization.name,
    auth_domain: organization.authDomain,
    created_at: organization.createdAt,
    updated_at: organization.updatedAt,
    login_design: {
      background_color: null,
      text_color: null,
      logo_path: null,
      header_text: null,
      footer_text: null,
    },
    is_ui_read_only: false,
    ui_read_only_toggle_reason: null,
    user_seat_expiration_inactive_time: null,
    auto_redirect_to_identity: false,
    allow_authenticate_via_warp: false,
    warp_auth_session_duration: null,
    session_duration: "24h",
  };
}
