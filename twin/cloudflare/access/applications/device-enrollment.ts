import { z } from "zod";
import { clearable } from "../../body";
import type { CloudflareCall } from "../../call";
import { CloudflareError, cloudflareNotServed } from "../../errors";
import { sessionDurationSchema } from "../duration";
import { policyLinkSchema } from "../policies/links";

/** The fixed name, which Access sets like the domain. */
const NAME = "Warp Login App";

/**
 * The application for enrolling devices in WARP, at most one per account:
 * https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/cloudflare-one-client/deployment/device-enrollment/
 */
export const enrollmentBodySchema = z.strictObject({
  type: z.literal("warp"),
  name: z.string().default(NAME),
  allowed_idps: clearable(z.array(z.string().min(1))),
  auto_redirect_to_identity: clearable(z.boolean()),
  session_duration: clearable(sessionDurationSchema),
  policies: clearable(z.array(policyLinkSchema)),
});

/** Reads the enrollment application. @param id of this application @throws CloudflareError */
export function readEnrollment(
  call: CloudflareCall,
  { name }: z.output<typeof enrollmentBodySchema>,
  id?: string,
) {
  const { account } = call;
  if (name !== NAME) throw cloudflareNotServed(call.c.req, `the name ${name} of type warp`);
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
