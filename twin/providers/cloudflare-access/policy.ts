/** `cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy`: a reusable policy. */

import { accountResource } from "../cloudflare/account-resource";
import { oneOf } from "../cloudflare/expectations";
import { block, flag, integer, listOf, setOf, text } from "../properties";
import { policyRules } from "./rules-table";

export const mfaConfig = block({
  allowedAuthenticators: listOf(text({ expect: oneOf("totp", "biometrics", "security_key") })),
  mfaDisabled: flag(),
  sessionDuration: text(),
});

export const accessPolicy = accountResource({
  terraform: "cloudflare_zero_trust_access_policy",
  path: "/access/policies",
  idName: "policy_id",
  table: {
    accountId: text({ required: true, replaces: true, description: "Identifier." }),
    appCount: integer({ output: true }),
    approvalGroups: setOf(
      block({
        approvalsNeeded: integer({ required: true }),
        emailAddresses: listOf(text()),
        emailListUuid: text(),
      }),
    ),
    approvalRequired: flag(),
    connectionRules: block({}, { unsupported: true }),
    createdAt: text({ output: true }),
    decision: text({
      required: true,
      expect: oneOf("allow", "deny", "non_identity", "bypass"),
      description: "The action Access will take if a user matches this policy.",
    }),
    ...policyRules,
    isolationRequired: flag(),
    mfaConfig,
    name: text({ required: true, description: "The name of the Access policy." }),
    purposeJustificationPrompt: text(),
    purposeJustificationRequired: flag(),
    reusable: flag({ output: true }),
    sessionDuration: text({ implied: "24h" }),
    updatedAt: text({ output: true }),
  },
});
