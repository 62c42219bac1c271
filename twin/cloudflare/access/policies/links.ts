import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { AccessApplication } from "../../../store/cloudflare/account";
import type { CloudflareCall } from "../../call";
import { cloudflareNotServed, invalidRequest } from "../../errors";
import { toPolicyWire } from "./policies";

const id = z.string().min(1);

/** A link to a policy by id, or the settings of a policy of the application's own. */
export const policyLinkSchema = z.union([
  id,
  z.looseObject({ id: id.optional(), precedence: z.int().min(1).nullish() }),
]);

/** Reads the links of an application to reusable policies, in order. @throws CloudflareError */
export function readPolicyLinks(
  call: CloudflareCall,
  sent: z.output<typeof policyLinkSchema>[],
): AccessApplication["policies"] {
  const list = sent.map((one, index) => {
    const link = typeof one === "string" ? { id: one } : one;
    const { id, precedence, ...more } = link as { id?: string; precedence?: number | null };
    if (id === undefined) throw cloudflareNotServed(call.c.req, "policies of the application's own");
    const policy = call.account.accessPolicies.get(id);
    if (!policy) throw invalidRequest("policies: policy not found");
    const shown = toPolicyWire(call.account, policy);
    // Answers show whole policies, which may be sent back unchanged.
    const changed = Object.entries(more).find(([name, value]) => !isDeepStrictEqual(value, shown[name]));
    if (changed) throw cloudflareNotServed(call.c.req, `policies.${index}.${changed[0]}`);
    return { id, precedence: precedence ?? index + 1 };
  });
  if (new Set(list.map(({ precedence }) => precedence)).size < list.length) {
    throw invalidRequest("policy precedences must be unique");
  }
  return list.sort((one, other) => one.precedence - other.precedence);
}
