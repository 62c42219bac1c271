/** `cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy`: a reusable policy. */

import { block, boolean, integer, listOf, setOf, string } from "../../bridge/table/properties";
import { createAccountResource } from "../account-resource";
import { expectChoice } from "../expectations";
import { policyRulesTable } from "./rules-table";

export const mfaConfigBlock = block({
  allowedAuthenticators: listOf(string({ expect: expectChoice("totp", "biometrics", "security_key") })),
  mfaDisabled: boolean(),
  sessionDuration: string(),
});

export const accessPolicyResource = createAccountResource({
  terraform: "cloudflare_zero_trust_access_policy",
  path: "/access/policies",
  idName: "policy_id",
  ownedBy: "account",
  table: {
    accountId: string({ required: true, replaces: true, description: "Identifier." }),
    appCount: integer({ output: true }),
    approvalGroups: setOf(
      block({
        approvalsNeeded: integer({ required: true }),
        emailAddresses: listOf(string()),
        emailListUuid: string(),
      }),
    ),
    approvalRequired: boolean(),
    connectionRules: block({}, { unsupported: true }),
    createdAt: string({ output: true }),
    decision: string({
      required: true,
      expect: expectChoice("allow", "deny", "non_identity", "bypass"),
      description: "The action Access will take if a user matches this policy.",
    }),
    ...policyRulesTable,
    isolationRequired: boolean(),
    mfaConfig: mfaConfigBlock,
    name: string({ required: true, description: "The name of the Access policy." }),
    purposeJustificationPrompt: string(),
    purposeJustificationRequired: boolean(),
    reusable: boolean({ output: true }),
    sessionDuration: string({ implied: "24h" }),
    updatedAt: string({ output: true }),
  },
});
