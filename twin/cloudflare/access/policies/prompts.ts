import { z } from "zod";
import { clearable } from "../../body";
import type { CloudflareCall } from "../../call";
import { cloudflareNotServed, invalidRequest } from "../../errors";

/** Settings for the questions that admitted users are asked, in the form of the API. */
export const promptsSchema = {
  approval_groups: clearable(
    z
      .array(
        z.strictObject({
          approvals_needed: z.int().min(1),
          email_addresses: z.array(z.email({ pattern: z.regexes.html5Email })).min(1),
        }),
      )
      .min(1),
  ),
  approval_required: clearable(z.boolean()),
  purpose_justification_prompt: clearable(z.string()),
  purpose_justification_required: clearable(z.boolean()),
};

/** The settings of a policy without questions. */
const NOTHING = { approval_required: false, purpose_justification_required: false };

/**
 * Reads these settings. Cloudflare documents them for allow policies only:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/temporary-auth/
 *
 * @throws CloudflareError
 */
export function readPrompts(
  call: CloudflareCall,
  sent: z.output<z.ZodObject<typeof promptsSchema>> & { decision: string },
): Record<string, unknown> {
  const given = Object.entries(sent).filter(([name, value]) => name in promptsSchema && value !== undefined);
  const { decision, approval_required, approval_groups } = sent;
  const active = given.find(([, value]) => value !== false);
  if (active && decision !== "allow") {
    throw cloudflareNotServed(call.c.req, `${active[0]} in a policy of decision ${decision}`);
  }
  if (approval_required && !approval_groups) throw invalidRequest("approval_groups: required");
  return { ...NOTHING, ...Object.fromEntries(given) };
}
