import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { AccessApplication } from "../../store/account";
import type { Call } from "../call";
import { invalidRequest, notServed } from "../errors";
import { policyWire } from "./policies";

const id = z.string().min(1);

/** With the id of a policy, or with its settings: then it is the application's own. */
export const policyLink = z.union([
  id,
  z.looseObject({ id: id.optional(), precedence: z.int().min(1).nullish() }),
]);

/** The reusable policies that an application names, in order. @throws CloudflareError */
export function linkedPolicies(
  call: Call,
  sent: z.output<typeof policyLink>[],
): AccessApplication["policies"] {
  const list = sent.map((one, index) => {
    const link = typeof one === "string" ? { id: one } : one;
    const { id, precedence, ...more } = link as { id?: string; precedence?: number | null };
    if (id === undefined)
      throw notServed(call.c.req.method, call.c.req.path, "policies of the application's own");
    const policy = call.account.accessPolicies.get(id);
    if (!policy) throw invalidRequest("policies: policy not found");
    const shown = policyWire(call.account, policy);
    // An answer shows them whole, and may be sent back.
    const changed = Object.entries(more).find(([name, value]) => !isDeepStrictEqual(value, shown[name]));
    if (changed) throw notServed(call.c.req.method, call.c.req.path, `policies.${index}.${changed[0]}`);
    return { id, precedence: precedence ?? index + 1 };
  });
  if (new Set(list.map(({ precedence }) => precedence)).size < list.length) {
    throw invalidRequest("policy precedences must be unique");
  }
  return list.sort((one, other) => one.precedence - other.precedence);
}
