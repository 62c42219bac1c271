import type { GraphCall, GraphOperation, WireObject } from "../call";
import { formatCollection, PAGING_OPTIONS } from "../query";

/**
 * The log of sign-ins, newest first. Only those who may read policies of Conditional Access see which ones applied.
 *
 * Source: https://learn.microsoft.com/graph/api/signin-list
 */
export const signInOperations: GraphOperation[] = [
  {
    call: "GET /auditLogs/signIns",
    query: PAGING_OPTIONS.filter((option) => option !== "$count"),
    handle(call) {
      const wires = [...call.tenant.signIns.values()]
        .reverse()
        .map((signIn): WireObject => (seesPolicies(call) ? { ...signIn } : hidePolicies({ ...signIn })));
      return formatCollection(call, "auditLogs/signIns", wires, { isPaged: true });
    },
  },
];

const READERS = ["Policy.Read.All", "Policy.Read.ConditionalAccess", "Policy.ReadWrite.ConditionalAccess"];

const seesPolicies = ({ caller }: GraphCall) =>
  READERS.some((permission) => caller.permissions.includes(permission));

const hidePolicies = (signIn: WireObject): WireObject => ({
  ...signIn,
  appliedConditionalAccessPolicies: [],
});
