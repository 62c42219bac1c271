/** Schema of `access` with the checks that compare its settings with each other. */

import type { Refuse } from "../values/fields";
import { applicationChecks } from "./application-checks";
import { entraGroupChecks } from "./entra-group-checks";
import { identityProviderChecks } from "./identity-provider-checks";
import { refuseGroupCycles, refuseUnknownNames } from "./name-checks";
import { policyChecks } from "./policy-checks";
import { privateNetworkChecks } from "./private-network-checks";
import { accessFields } from "./schema";

/** Checks in stages: those of a stage presume that the stages before found nothing. */
const STAGES = [
  [refuseUnknownNames],
  [refuseGroupCycles],
  [
    ...identityProviderChecks,
    ...entraGroupChecks,
    ...policyChecks,
    ...applicationChecks,
    ...privateNetworkChecks,
  ],
];

export const accessSchema = accessFields.superRefine((access, context) => {
  let hasProblems = false;
  const refuse: Refuse = (path, message, advice) => {
    hasProblems = true;
    context.addIssue({ code: "custom", path: [...path], message, params: { advice } });
  };
  for (const checks of STAGES) {
    for (const check of checks) check(access, refuse);
    if (hasProblems) return;
  }
});
