import type { Rule } from "./rule";
import { accessRules } from "./rules/access";
import { applicationRules } from "./rules/application";
import { clientSecretRules } from "./rules/client-secrets";
import { directoryRules } from "./rules/directory";
import { identityProviderRules } from "./rules/identity-provider";
import { permissionRules } from "./rules/permissions";

/** All rules, in the order of docs/policy.md. */
export const RULES: readonly Rule[] = [
  ...applicationRules,
  ...permissionRules,
  ...clientSecretRules,
  ...identityProviderRules,
  ...accessRules,
  ...directoryRules,
];
