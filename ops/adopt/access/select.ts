import type { AccountAccess, ApiPolicy, ApiRuleSet } from "../../clients/account-access";
import type { ResourceKey } from "../../recovery/tenant-state";
import type { AssignedGroups } from "../assignments";
import { convertApplication } from "./application";
import { convertPolicy } from "./policy";
import { convertGroup, NotExpressibleError, omitEmptyGroups } from "./rules";

/** Kinds of resources that can be imported, with the part of the resource's name and its type. */
const KINDS = {
  accessGroup: ["group", "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup"],
  accessPolicy: ["policy", "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy"],
  accessApplication: [
    "application",
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  ],
} as const;
export const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";
export type AccessKind =
  | keyof typeof KINDS
  | "assignment"
  | "permission"
  | "namedLocation"
  | "conditionalAccessPolicy";

/** An object of the account and the resource of the program that imports it. */
export interface AccessImport {
  readonly kind: AccessKind;
  readonly name: string;
  /** The id of the object; of an assignment, in the form that the provider imports. */
  readonly id: string;
  readonly key: ResourceKey;
}

export interface AccessSelection {
  /** The setting `access`; empty where nothing is imported. */
  readonly settings: object;
  /** Ordered so that nothing refers to a later one. */
  readonly imports: readonly AccessImport[];
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
  const imports: AccessImport[] = [];
  const skipped: string[] = [];
  /** @returns the settings by name, and the names by id */
  const select = <T extends Named>(kind: keyof typeof KINDS, all: readonly T[], convert: Convert<T>) => {
    const names = new Map<string, string>();
    const settings: Record<string, object> = {};
    const [label, type] = KINDS[kind];
    for (const one of all) {
      const { id, name: displayName } = one;
      try {
        const reason = excluded.get(id);
        if (reason) throw new NotExpressibleError(reason);
        const converted = convert(one, names);
        const name = chooseName(displayName, new Set(names.values()));
        names.set(id, name);
        settings[name] = { ...(displayName !== name && { displayName }), ...converted };
        imports.push({ kind, name: displayName, id, key: [type, `access-${label}-${name}`] });
      } catch (error) {
        if (!(error instanceof NotExpressibleError)) throw error;
        skipped.push(`Access ${label} "${displayName}" (${id}): ${error.message}`);
      }
    }
    return { names, settings };
  };

  const related = findRelated(access, identityProviderId);
  const forGroups = select("accessGroup", related.groups, (group, names) =>
    convertGroup(group, { identityProviderId, groups: names }),
  );
  const admitted = new Set<string>();
  const forPolicies = select("accessPolicy", related.policies, (policy) => {
    const converted = convertPolicy(policy, { identityProviderId, groups: forGroups.names }, access);
    const entraGroups = listAdmittedEntraGroups(policy, access.groups, identityProviderId);
    const unassigned = entraGroups.find((id) => assigned && !assigned.groups.has(id));
    if (unassigned)
      throw new NotExpressibleError(
        `up would assign its Entra group ${unassigned} to the application, whose members may not sign in today`,
      );
    for (const id of entraGroups) admitted.add(id);
    return converted;
  });
  for (const group of [...admitted].sort()) {
    const id = assigned?.imports.get(group);
    if (id && !excluded.has(id))
      imports.push({ kind: "assignment", name: group, id, key: [ASSIGNMENT, `entra-assignment-${group}`] });
  }
  const forApplications = select("accessApplication", related.applications, (application) =>
    convertApplication(application, forPolicies.names, identityProviderId),
  );
  const settings = omitEmptyGroups({
    groups: forGroups.settings,
    policies: forPolicies.settings,
    applications: forApplications.settings,
  });
  return { settings, imports, skipped };
}

type Named = { readonly id: string; readonly name: string };
type Convert<T> = (one: T, names: ReadonlyMap<string, string>) => object;

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

/** Lists the Entra groups that an allowing policy includes through its Access groups, and that are assigned with it. */
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
  const rules = groups.filter(({ id }) => reached.has(id)).flatMap(({ include }) => include ?? []);
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

/** Derives an unused name for the settings from Cloudflare's name, which stays as the display name. */
export function chooseName(displayName: string, used: ReadonlySet<string>): string {
  const plain = displayName.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const words = plain.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const joined = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join("");
  const name = joined.replace(/^[^a-z]+/, "").slice(0, 36) || "unnamed";
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}${n}`;
    if (!used.has(candidate)) return candidate;
  }
}

const lowerFirst = (word: string) =>
  /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1);
const upperFirst = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;
