import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { AccessApplication } from "../../../store/cloudflare/account";
import type { CloudflareCall } from "../../call";
import { cloudflareNotServed, invalidRequest } from "../../errors";
import { addApplicationPolicy, deleteApplicationPolicies } from "./application-policies";
import { toPolicyWire } from "./policies";

const id = z.string().min(1);

/** A link to a policy by id, or the settings of a policy of the application's own. */
export const policyLinkSchema = z.union([
  id,
  z.looseObject({ id: id.optional(), precedence: z.int().min(1).nullish() }),
]);

/**
 * Reads the links of an application to policies, in order, and creates policies of its own. Those of its own that are no
 * longer linked are deleted.
 *
 * @param stored the links before
 * @throws CloudflareError
 */
export function readPolicyLinks(
  call: CloudflareCall,
  sent: z.output<typeof policyLinkSchema>[],
  stored: AccessApplication["policies"] = [],
): AccessApplication["policies"] {
  const links = sent.map((one, index) => {
    const link = typeof one === "string" ? { id: one } : one;
    const { id, precedence, ...more } = link as { id?: string; precedence?: number | null };
    const settings: Record<string, unknown> = more;
    return { id, precedence: precedence ?? index + 1, settings };
  });
  if (new Set(links.map(({ precedence }) => precedence)).size < links.length) {
    throw invalidRequest("policy precedences must be unique");
  }
  for (const [index, { id, settings }] of links.entries()) {
    if (id === undefined) continue;
    const policy = call.account.accessPolicies.get(id);
    if (!policy || (policy.isLegacy && !stored.some((own) => own.id === id)))
      throw invalidRequest("policies: policy not found");
    const shown = toPolicyWire(call.account, policy);
    // Answers show whole policies, which may be sent back unchanged.
    const changed = Object.entries(settings).find(([name, value]) => !isDeepStrictEqual(value, shown[name]));
    if (changed) throw cloudflareNotServed(call.c.req, `policies.${index}.${changed[0]}`);
  }
  const list = links.map(({ id, precedence, settings }) => ({
    id: id ?? addApplicationPolicy(call, settings).id,
    precedence,
  }));
  deleteApplicationPolicies(
    call.account,
    stored.filter(({ id }) => !list.some((link) => link.id === id)),
  );
  return list.sort((one, other) => one.precedence - other.precedence);
}
