import { isDeepStrictEqual } from "node:util";
import type { AccountAccess, ApiPolicy, ApiRuleSet } from "../../clients/account-access";
import type { AssignedGroups } from "../assignments";
import { convertApplication } from "./application";
import { convertPolicy } from "./policy";
import { convertGroup, NotExpressibleError, omitEmptyGroups } from "./rules";
import { type AccessImport, addNumber, type CreatedGroup, chooseName, formatKey, Selector } from "./selector";

export const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";

export interface AccessSelection {
  /** The setting `access`; empty where nothing is imported. */
  readonly settings: object;
  /** Ordered so that nothing refers to a later one. */
  readonly imports: readonly AccessImport[];
  /** Access groups that an update creates for rules that policies have themselves. */
  readonly created: readonly CreatedGroup[];
  /** The changes that an update makes to these policies, as a line for each policy. */
  readonly changes: readonly string[];
  /** Objects that use the identity provider and are not imported, with the reason. */
  readonly skipped: readonly string[];
}

/**
 * Selects the access rules that depend on the identity provider and that the settings can express: groups that use it,
 * groups that these or their policies refer to, reusable policies for them or of applications that allow it, and
 * applications with no other policies.
 *
 * @param excluded ids that must not be imported, with the reason; whatever refers to them is skipped too
 * @param assigned the Entra groups that are assigned to the application; undefined if everybody may sign in
 */
export function selectAccess(
  access: AccountAccess,
  identityProviderId: string,
  excluded: ReadonlyMap<string, string> = new Map(),
  assigned?: AssignedGroups,
): AccessSelection {
  const selector = new Selector(excluded);
  const { imports, skipped } = selector;
  const related = findRelated(access, identityProviderId);
  const forGroups = selector.select("accessGroup", related.groups, (group, names) =>
    convertGroup(group, { identityProviderId, groups: names }),
  );
  const admitted = new Set<string>();
  const created: CreatedGroup[] = [];
  const changes: string[] = [];
  const shown = new Set(access.groups.map(({ name }) => name));
  const forPolicies = selector.select("accessPolicy", related.policies, (policy) => {
    const names = { identityProviderId, groups: forGroups.names };
    const more: Record<string, { displayName?: string }> = {};
    const named: string[] = [];
    const converted = convertPolicy(policy, names, access, (wanted, rules) => {
      const group = convertGroup(rules, names);
      const all = Object.entries({ ...forGroups.settings, ...more });
      const [same] = all.find(([, { displayName: _name, ...one }]) => isDeepStrictEqual(one, group)) ?? [];
      const displayName = addNumber(wanted, shown);
      const name = same ?? chooseName(displayName, new Set(all.map(([used]) => used)));
      if (same === undefined) {
        shown.add(displayName);
        more[name] = { ...(displayName !== name && { displayName }), ...group };
      }
      named.push(same === undefined ? `the new Access group ${name}` : `Access group ${name}`);
      return name;
    });
    const entraGroups = listAdmittedEntraGroups(policy, access.groups, identityProviderId);
    const unassigned = entraGroups.find((id) => assigned && !assigned.groups.has(id));
    if (unassigned)
      throw new NotExpressibleError(
        `up would assign its Entra group ${unassigned} to the application, whose members may not sign in today`,
      );
    for (const id of entraGroups) admitted.add(id);
    Object.assign(forGroups.settings, more);
    for (const name of Object.keys(more))
      created.push({ key: formatKey("accessGroup", name), id: policy.id });
    if (named.length > 0)
      changes.push(`Access policy "${policy.name}": names ${named.join(", ")} instead of rules of its own`);
    return converted;
  });
  for (const group of [...admitted].sort()) {
    const id = assigned?.imports.get(group);
    if (id && !excluded.has(id))
      imports.push({ kind: "assignment", name: group, id, key: [ASSIGNMENT, `entra-assignment-${group}`] });
  }
  const forApplications = selector.select("accessApplication", related.applications, (application) =>
    convertApplication(application, forPolicies.names, identityProviderId),
  );
  const settings = omitEmptyGroups({
    groups: forGroups.settings,
    policies: forPolicies.settings,
    applications: forApplications.settings,
  });
  return { settings, imports, created, changes, skipped };
}

/** Finds objects that use the identity provider, directly or through groups and policies; groups come after the groups they contain. */
function findRelated(
  { groups, policies, applications }: Omit<AccountAccess, "unreadable">,
  identityProviderId: string,
) {
  const mentions = (one: object) => JSON.stringify(one).includes(identityProviderId);
  const own = groups.filter(mentions).map(({ id }) => id);
  const listPolicyIds = (application: (typeof applications)[number]) =>
    (application.policies ?? []).map(({ id }) => id);
  // Also those without a group of the identity provider, so that each has its own reason if it cannot be imported.
  const used = new Set(applications.filter(mentions).flatMap(listPolicyIds));
  const relatedPolicies = policies.filter(
    (policy) =>
      mentions(policy) || used.has(policy.id) || listGroupIds(policy).some((id) => own.includes(id)),
  );
  const relatedApplications = applications.filter(
    (application) =>
      mentions(application) ||
      listPolicyIds(application).some((id) => relatedPolicies.some((policy) => policy.id === id)),
  );
  const inOrder = new Set<ApiRuleSet>();
  const visit = (id: string, within: readonly string[] = []): void => {
    const group = groups.find((one) => one.id === id);
    if (!group || within.includes(id)) return;
    for (const inner of listGroupIds(group)) visit(inner, [...within, id]);
    inOrder.add(group);
  };
  for (const id of [...own, ...relatedPolicies.flatMap(listGroupIds)]) visit(id);
  return { groups: [...inOrder], policies: relatedPolicies, applications: relatedApplications };
}

/** Lists the Entra groups that an allowing policy includes, also through Access groups, and that are assigned with it. */
function listAdmittedEntraGroups(
  policy: ApiPolicy,
  groups: readonly ApiRuleSet[],
  identityProviderId: string,
): string[] {
  if (policy.decision !== "allow") return [];
  const reached = new Set(listIncludedGroupIds(policy));
  for (const id of reached)
    for (const group of groups.filter((one) => one.id === id))
      for (const inner of listIncludedGroupIds(group)) reached.add(inner);
  const rules = [policy, ...groups.filter(({ id }) => reached.has(id))].flatMap(
    ({ include }) => include ?? [],
  );
  return rules.flatMap(({ azureAD }) =>
    azureAD?.identity_provider_id === identityProviderId ? [String(azureAD.id)] : [],
  );
}

function listIncludedGroupIds({ include }: ApiRuleSet): string[] {
  return (include ?? []).flatMap(({ group }) => (group ? [String(group.id)] : []));
}

function listGroupIds({ include, require, exclude }: ApiRuleSet): string[] {
  const rules = [include, require, exclude].flatMap((list) => list ?? []);
  return rules.flatMap(({ group }) => (group ? [String(group.id)] : []));
}
