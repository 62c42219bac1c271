/** `cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy`: a rule of Gateway. */

import { block, boolean, integer, listOf, string } from "../../bridge/table/properties";
import { createAccountResource } from "../account-resource";
import { expectChoice } from "../expectations";

const unsupported = { unsupported: true };

export const gatewayPolicyResource = createAccountResource({
  terraform: "cloudflare_zero_trust_gateway_policy",
  path: "/gateway/rules",
  idName: "rule_id",
  ownedBy: "account",
  table: {
    accountId: string({
      required: true,
      replaces: true,
      description: "Specify the Cloudflare account identifier.",
    }),
    action: string({
      required: true,
      expect: expectChoice(
        ...["on", "off", "allow", "block", "scan", "noscan", "safesearch", "ytrestricted", "isolate"],
        ...["noisolate", "override", "l4_override", "egress", "resolve", "quarantine", "redirect"],
      ),
      description: "Specify the action to perform.",
    }),
    createdAt: string({ output: true }),
    deletedAt: string({ output: true }),
    description: string(),
    devicePosture: string({ implied: "" }),
    enabled: boolean({ implied: false }),
    // For other kinds of policies.
    expiration: block({}, unsupported),
    filters: listOf(string({ expect: expectChoice("http", "dns", "l4", "egress", "dns_resolver") }), {
      computed: true,
    }),
    identity: string({ implied: "" }),
    name: string({ required: true, description: "Specify the rule name." }),
    precedence: integer({ computed: true }),
    readOnly: boolean({ output: true }),
    ruleSettings: block({}, unsupported),
    schedule: block({}, unsupported),
    sharable: boolean({ output: true }),
    sourceAccount: string({ output: true }),
    traffic: string({ implied: "" }),
    updatedAt: string({ output: true }),
    version: integer({ output: true }),
    warningStatus: string({ output: true }),
  },
});
