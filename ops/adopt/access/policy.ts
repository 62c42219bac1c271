import { selectDistinctDurations } from "../../../config/values/session-durations";
import type { AccountAccess, ApiPolicy, ApiRule } from "../../clients/account-access";
import { getGroupName, NotExpressibleError, type SettingNames } from "./rules";

/** Decisions by API value; `bypass` is missing, because only a person should declare it. */
const DECISIONS: Readonly<Record<string, string>> = {
  allow: "allow",
  deny: "deny",
  non_identity: "service_auth",
};

/** Converts a reusable policy to its settings (docs/access.md). @throws NotExpressibleError */
export function convertPolicy(policy: ApiPolicy, names: SettingNames, access: AccountAccess) {
  const decision = DECISIONS[policy.decision];
  if (!decision)
    throw new NotExpressibleError(`its decision is ${policy.decision}, which must be declared by hand`);
  const inherited = policy.session_duration ? [] : listApplicationDurations(policy.id, access);
  if (inherited.length > 1)
    throw new NotExpressibleError(
      `it takes the session duration of its applications, which differ (${inherited.join(", ")})`,
    );
  const groups = (rules: readonly ApiRule[] = []) =>
    rules.map((rule) => {
      const [type = ""] = Object.keys(rule);
      if (type === "everyone")
        throw new NotExpressibleError("it has a rule of type everyone, which must be declared by hand");
      if (type !== "group")
        throw new NotExpressibleError(
          `it has a rule of type ${type}; in the settings only Access groups have rules: let it name one that has the ` +
            "rule, then run this again",
        );
      return getGroupName(names.groups, rule.group?.id);
    });
  const required = policy.require ?? [];
  const context = required.find((rule) => rule.auth_context)?.auth_context;
  if (context && context.identity_provider_id !== names.identityProviderId)
    throw new NotExpressibleError("its authentication context belongs to another identity provider");
  const isMfa = (rule: ApiRule) => rule.auth_method?.auth_method === "mfa";
  const require = groups(required.filter((rule) => !rule.auth_context && !isMfa(rule)));
  const exclude = groups(policy.exclude ?? []);
  return {
    ...(decision !== "allow" && { decision }),
    include: groups(policy.include ?? []),
    ...(require.length > 0 && { require }),
    ...(exclude.length > 0 && { exclude }),
    ...(required.some(isMfa) && { mfa: true }),
    ...(context && { authenticationContext: { id: String(context.id), acId: String(context.ac_id) } }),
    ...(policy.session_duration && { sessionDuration: policy.session_duration }),
    ...(policy.purpose_justification_required && {
      justification: policy.purpose_justification_prompt ?? "",
    }),
    ...(policy.approval_required && { approval: convertApproval(policy) }),
  };
}

function convertApproval({ approval_groups: [group, second] = [] }: ApiPolicy) {
  if (!group?.email_addresses || second)
    throw new NotExpressibleError("its approvers are several groups or a list");
  return { approvers: group.email_addresses, needed: group.approvals_needed };
}

/** Returns the session duration that a policy without one takes from its applications; undefined if it has its own. */
export function findInheritedDuration(id: string, access: AccountAccess): string | undefined {
  const policy = access.policies.find((one) => one.id === id);
  return policy && !policy.session_duration ? listApplicationDurations(id, access)[0] : undefined;
}

/** Lists the session durations of the applications that use a policy, each once; the default if none does. */
function listApplicationDurations(id: string, { applications }: AccountAccess): string[] {
  const users = applications.filter(({ policies = [] }) => policies.some((used) => used.id === id));
  const durations = users.map(({ session_duration: own }) => own ?? DEFAULT_SESSION_DURATION);
  return selectDistinctDurations(durations.length > 0 ? durations : [DEFAULT_SESSION_DURATION]);
}

/** The session duration of an application without one, at Cloudflare and in the settings. */
export const DEFAULT_SESSION_DURATION = "24h";
