/** `cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy`: a rule of Gateway. */
import { accountResource } from "../cloudflare/account-resource";
import { oneOf } from "../cloudflare/expectations";
import { block, flag, integer, listOf, text } from "../properties";

const unsupported = { unsupported: true };

export const gatewayPolicy = accountResource({
  terraform: "cloudflare_zero_trust_gateway_policy",
  path: "/gateway/rules",
  idName: "rule_id",
  ownedBy: "account",
  table: {
    accountId: text({
      required: true,
      replaces: true,
      description: "Specify the Cloudflare account identifier.",
    }),
    action: text({
      required: true,
      expect: oneOf(
        ...["on", "off", "allow", "block", "scan", "noscan", "safesearch", "ytrestricted", "isolate"],
        ...["noisolate", "override", "l4_override", "egress", "resolve", "quarantine", "redirect"],
      ),
      description: "Specify the action to perform.",
    }),
    createdAt: text({ output: true }),
    deletedAt: text({ output: true }),
    description: text(),
    devicePosture: text({ implied: "" }),
    enabled: flag({ implied: false }),
    // Of policies of other kinds.
    expiration: block({}, unsupported),
    filters: listOf(text({ expect: oneOf("http", "dns", "l4", "egress", "dns_resolver") }), {
      computed: true,
    }),
    identity: text({ implied: "" }),
    name: text({ required: true, description: "Specify the rule name." }),
    precedence: integer({ computed: true }),
    readOnly: flag({ output: true }),
    ruleSettings: block({}, unsupported),
    schedule: block({}, unsupported),
    sharable: flag({ output: true }),
    sourceAccount: text({ output: true }),
    traffic: text({ implied: "" }),
    updatedAt: text({ output: true }),
    version: integer({ output: true }),
    warningStatus: text({ output: true }),
  },
});
