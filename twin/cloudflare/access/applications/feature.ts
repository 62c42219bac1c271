import { z } from "zod";
import { clearable } from "../../body";
import type { CloudflareCall } from "../../call";
import { CloudflareError, cloudflareNotServed } from "../../errors";
import { sessionDurationSchema } from "../duration";
import { policyLinkSchema } from "../policies/links";

/** The fixed names and paths on the team domain, which Access sets. */
const FEATURES = {
  app_launcher: { fixedName: "App Launcher", path: "" },
  warp: { fixedName: "Warp Login App", path: "/warp" },
} as const;

/**
 * The applications for the App Launcher and for enrolling devices in WARP, at most one of each per account:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/access-settings/app-launcher/
 * https://developers.cloudflare.com/cloudflare-one/team-and-resources/devices/cloudflare-one-client/deployment/device-enrollment/
 */
export const featureBodySchema = z.strictObject({
  type: z.enum(["app_launcher", "warp"]),
  name: z.string().optional(),
  allowed_idps: clearable(z.array(z.string().min(1))),
  auto_redirect_to_identity: clearable(z.boolean()),
  session_duration: clearable(sessionDurationSchema),
  policies: clearable(z.array(policyLinkSchema)),
});

/** Reads the application of a feature. @param id of this application @throws CloudflareError */
export function readFeature(
  call: CloudflareCall,
  { type, name }: z.output<typeof featureBodySchema>,
  id?: string,
) {
  const { account } = call;
  const { fixedName, path } = FEATURES[type];
  if (name !== undefined && name !== fixedName)
    throw cloudflareNotServed(call.c.req, `the name ${name} of type ${type}`);
  for (const other of account.accessApplications.values()) {
    if (other.type === type && other.id !== id) {
      throw new CloudflareError(409, 11010, "access.api.error.application_already_exists");
    }
  }
  return {
    name: fixedName,
    domain: `${account.organization.authDomain}${path}`,
    uris: [],
    destinations: [],
    tags: [],
    settings: {},
  };
}
