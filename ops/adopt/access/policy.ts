import { selectDistinctDurations } from "../../../config/values/session-durations";
import type { AccountAccess, ApiPolicy, ApiRule, ApiRuleSet } from "../../clients/account-access";
import { getGroupName, NotExpressibleError, type SettingNames } from "./rules";

/** Decisions by API value; `bypass` is missing, because only a person should declare it. */
const DECISIONS: Readonly<Record<string, string>> = {
  allow: "allow",
  deny: "deny",
  non_identity: "service_auth",
};

/** Returns the name in the settings of an Access group with these rules, which a policy has itself. */
export type GroupFinder = (displayName: string, rules: Pick<ApiRuleSet, "include" | "require">) => string;

/**
 * Converts a reusable policy to its settings (docs/access.md). Rules of its own become those of Access groups, because in the
 * settings only groups have rules.
 *
 * @throws NotExpressibleError
 */
export function convertPolicy(
  policy: ApiPolicy,
  names: SettingNames,
  access: AccountAccess,
  findGroup: GroupFinder,
) {
  const decision = DECISIONS[policy.decision];
  if (!decision)
    throw new NotExpressibleError(`its decision is ${policy.decision}, which must be declared by hand`);
  const inherited = policy.session_duration ? [] : listApplicationDurations(policy.id, access);
  if (inherited.length > 1)
    throw new NotExpressibleError(
      `it takes the session duration of its applications, which differ (${inherited.join(", ")})`,
    );
  const login = (policy.require ?? []).filter((rule) => rule.login_method?.id === names.identityProviderId);
  const isBound = login.length > 0 || isUsedWithOne(policy.id, names.identityProviderId, access);
  const nameOwn = (displayName: string, include: readonly ApiRule[]) => {
    const open = include.find((rule) => rule.everyone || rule.login_method);
    if (open)
      throw new NotExpressibleError(
        `it has a rule of type ${Object.keys(open)[0]}, which must be declared by hand`,
      );
    const hasAddresses = include.some((rule) => rule.email || rule.email_domain);
    // A group binds its addresses to the identity provider, as the policy or all of its applications do.
    const require = [{ login_method: { id: names.identityProviderId } }];
    return findGroup(displayName, { include, ...(hasAddresses && isBound && { require }) });
  };
  const isOwn = ({ group }: ApiRule) => group === undefined;
  const nameGroups = (rules: readonly ApiRule[]) =>
    rules.filter((rule) => !isOwn(rule)).map(({ group }) => getGroupName(names.groups, group?.id));
  const groups = (rules: readonly ApiRule[] = [], suffix = "") => {
    const own = rules.filter(isOwn);
    return [...nameGroups(rules), ...(own.length > 0 ? [nameOwn(`${policy.name}${suffix}`, own)] : [])];
  };
  // A group's rules about people are bound to the identity provider, so it need not be required as well; others are not.
  const isAboutPeople = (rule: ApiRule) => rule.azureAD ?? rule.email ?? rule.email_domain;
  const isImplied = (rule: ApiRule) => login.includes(rule) && policy.include?.every(isAboutPeople);
  const required = (policy.require ?? []).filter((rule) => !isImplied(rule));
  const context = required.find((rule) => rule.auth_context)?.auth_context;
  if (context && context.identity_provider_id !== names.identityProviderId)
    throw new NotExpressibleError("its authentication context belongs to another identity provider");
  const isMfa = (rule: ApiRule) => rule.auth_method?.auth_method === "mfa";
  const ofGroups = required.filter((rule) => !rule.auth_context && !isMfa(rule));
  const require = [
    ...nameGroups(ofGroups),
    ...ofGroups.filter(isOwn).map((rule) => nameOwn(`${policy.name} (required)`, [rule])),
  ];
  const exclude = groups(policy.exclude, " (excluded)");
  return {
    ...(decision !== "allow" && { decision }),
    include: groups(policy.include),
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

/** Returns whether applications use a policy, all of which allow one identity provider alone. */
function isUsedWithOne(id: string, identityProviderId: string, access: AccountAccess): boolean {
  const users = listApplications(id, access);
  return users.length > 0 && users.every(({ allowed_idps }) => String(allowed_idps) === identityProviderId);
}

/** Lists the session durations of the applications that use a policy, each once; the default if none does. */
function listApplicationDurations(id: string, access: AccountAccess): string[] {
  const durations = listApplications(id, access).map(
    ({ session_duration: own }) => own ?? DEFAULT_SESSION_DURATION,
  );
  return selectDistinctDurations(durations.length > 0 ? durations : [DEFAULT_SESSION_DURATION]);
}

/** Lists the applications that use a policy. */
const listApplications = (id: string, { applications }: AccountAccess) =>
  applications.filter(({ policies = [] }) => policies.some((used) => used.id === id));

/** The session duration of an application without one, at Cloudflare and in the settings. */
export const DEFAULT_SESSION_DURATION = "24h";
