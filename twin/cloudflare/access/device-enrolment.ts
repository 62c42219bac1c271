import { z } from "zod";
import { clearable } from "../body";
import type { Call } from "../call";
import { CloudflareError, notServed } from "../errors";
import { duration } from "./duration";
import { policyLink } from "./policy-links";

/** Access sets it, as it sets the domain. */
const NAME = "Warp Login App";

/**
 * The application by which people enrol devices in WARP, one an account:
 * https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/cloudflare-one-client/deployment/device-enrollment/
 */
export const enrolmentBody = z.strictObject({
  type: z.literal("warp"),
  name: z.string().default(NAME),
  allowed_idps: clearable(z.array(z.string().min(1))),
  auto_redirect_to_identity: clearable(z.boolean()),
  session_duration: clearable(duration),
  policies: clearable(z.array(policyLink)),
});

/** @param id of the application itself @throws CloudflareError */
export function enrolment(call: Call, { name }: z.output<typeof enrolmentBody>, id?: string) {
  const { account } = call;
  if (name !== NAME) throw notServed(call.c.req.method, call.c.req.path, `the name ${name} of type warp`);
  for (const other of account.accessApplications.values()) {
    if (other.type === "warp" && other.id !== id) {
      throw new CloudflareError(409, 11010, "access.api.error.application_already_exists");
    }
  }
  return {
    name,
    domain: `${account.organization.authDomain}/warp`,
    uris: [],
    destinations: [],
    tags: [],
    settings: {},
  };
}
