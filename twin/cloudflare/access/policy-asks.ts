import { z } from "zod";
import { clearable } from "../body";
import type { Call } from "../call";
import { invalidRequest, notServed } from "../errors";

/** What people are asked for whom a policy lets in, as the API names it. */
export const asksSchema = {
  approval_groups: clearable(
    z
      .array(
        z.strictObject({
          approvals_needed: z.int().min(1),
          email_addresses: z.array(z.email()).min(1),
        }),
      )
      .min(1),
  ),
  approval_required: clearable(z.boolean()),
  purpose_justification_prompt: clearable(z.string()),
  purpose_justification_required: clearable(z.boolean()),
};

/** What an answer says of a policy that asks for nothing. */
const NOTHING = { approval_required: false, purpose_justification_required: false };

/**
 * What is kept of it. Cloudflare's pages have both in policies to allow alone:
 * https://developers.cloudflare.com/cloudflare-one/access-controls/policies/temporary-auth/
 *
 * @throws CloudflareError
 */
export function readAsks(
  call: Call,
  sent: z.output<z.ZodObject<typeof asksSchema>> & { decision: string },
): Record<string, unknown> {
  const said = Object.entries(sent).filter(([name, value]) => name in asksSchema && value !== undefined);
  const { decision, approval_required, approval_groups } = sent;
  const asked = said.find(([, value]) => value !== false);
  if (asked && decision !== "allow") {
    throw notServed(call.c.req.method, call.c.req.path, `${asked[0]} in a policy of decision ${decision}`);
  }
  if (approval_required && !approval_groups) throw invalidRequest("approval_groups: required");
  return { ...NOTHING, ...Object.fromEntries(said) };
}
