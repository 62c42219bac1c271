import type { Policy, Rule } from "./found";
import { groupNamed, type Names, NotDeclarable } from "./rules";

/** Those that open a door to everybody ask for a setting that a person writes. */
const DECISIONS: Readonly<Record<string, string>> = {
  allow: "allow",
  deny: "deny",
  non_identity: "service_auth",
};

/** The settings of a reusable policy: docs/access.md. @throws NotDeclarable */
export function policySettings(policy: Policy, names: Names) {
  const decision = DECISIONS[policy.decision];
  if (!decision) throw new NotDeclarable(`it is to ${policy.decision}, which only a person declares`);
  const groups = (rules: readonly Rule[] = []) =>
    rules.map((rule) => {
      const [type = ""] = Object.keys(rule);
      if (type !== "group")
        throw new NotDeclarable(`it has a rule of type ${type} itself; settings have rules in Access groups`);
      return groupNamed(names.groups, rule.group?.id);
    });
  const required = policy.require ?? [];
  const context = required.find((rule) => rule.auth_context)?.auth_context;
  if (context && context.identity_provider_id !== names.identityProviderId)
    throw new NotDeclarable("its authentication context is of another identity provider");
  const isMfa = (rule: Rule) => rule.auth_method?.auth_method === "mfa";
  const require = groups(required.filter((rule) => !rule.auth_context && !isMfa(rule)));
  const exclude = groups(policy.exclude ?? []);
  return {
    ...(decision !== "allow" && { decision }),
    include: groups(policy.include ?? []),
    ...(require.length > 0 && { require }),
    ...(exclude.length > 0 && { exclude }),
    ...(required.some(isMfa) && { mfa: true }),
    ...(context && { authenticationContext: { id: String(context.id), acId: String(context.ac_id) } }),
    ...lasting(policy.session_duration),
    ...(policy.purpose_justification_required && {
      justification: policy.purpose_justification_prompt ?? "",
    }),
    ...(policy.approval_required && { approval: approvalOf(policy) }),
  };
}

function approvalOf({ approval_groups: [group, second] = [] }: Policy) {
  if (!group?.email_addresses || second) throw new NotDeclarable("several groups approve, or a list does");
  return { approvers: group.email_addresses, needed: group.approvals_needed };
}

/** `24h` is the default of the settings. */
export function lasting(duration: string | undefined) {
  return duration === undefined || duration === "24h" ? {} : { sessionDuration: duration };
}
