import type { ResourceKey } from "../../recovery/tenant-state";
import type { AccountAccess, ApiRuleSet } from "./account";
import { convertApplication } from "./application";
import { convertPolicy } from "./policy";
import { convertGroup, NotExpressibleError, omitEmptyGroups } from "./rules";

/** What is taken over, with the part of the resource's name and its type. */
const PARTS = {
  accessGroup: ["group", "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup"],
  accessPolicy: ["policy", "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy"],
  accessApplication: [
    "application",
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  ],
} as const;
export type AccessKind = keyof typeof PARTS;

/** One that is taken over: what it is, and the resource of the program that becomes it. */
export interface AccessImport {
  readonly part: AccessKind;
  readonly name: string;
  readonly id: string;
  readonly key: ResourceKey;
}

export interface AccessSelection {
  /** The setting `access`; empty where nothing is taken over. */
  readonly settings: object;
  /** What comes first is needed by what comes after it. */
  readonly taken: readonly AccessImport[];
  /** What names the identity provider and stays outside of the stack, with the reason. */
  readonly left: readonly string[];
}

/**
 * What of an account's access follows from the identity provider and can be declared as it is: groups that name it and
 * those that they or their policies need, reusable policies over them, applications that have no others.
 *
 * @param refused why something is not to be taken over, by id: what needs it is left, too
 */
export function selectAccess(
  { groups, policies, applications }: AccountAccess,
  identityProviderId: string,
  refused: ReadonlyMap<string, string> = new Map(),
): AccessSelection {
  const taken: AccessImport[] = [];
  const left: string[] = [];
  /** @returns the settings by name, and the names by id */
  const take = <T extends Named>(part: AccessKind, all: readonly T[], settingsFor: SettingsFor<T>) => {
    const names = new Map<string, string>();
    const settings: Record<string, object> = {};
    const [kind, type] = PARTS[part];
    for (const one of all) {
      const { id, name: displayName } = one;
      try {
        const reason = refused.get(id);
        if (reason) throw new NotExpressibleError(reason);
        const said = settingsFor(one, names);
        const name = nameFor(displayName, new Set(names.values()));
        names.set(id, name);
        settings[name] = { ...(displayName !== name && { displayName }), ...said };
        taken.push({ part, name: displayName, id, key: [type, `access-${kind}-${name}`] });
      } catch (error) {
        if (!(error instanceof NotExpressibleError)) throw error;
        left.push(`Access ${kind} "${displayName}" (${id}): ${error.message}`);
      }
    }
    return { names, settings };
  };

  const { about, over, behind } = concernedBy({ groups, policies, applications }, identityProviderId);
  const ofGroups = take("accessGroup", about, (group, names) =>
    convertGroup(group, { identityProviderId, groups: names }),
  );
  const ofPolicies = take("accessPolicy", over, (policy) =>
    convertPolicy(policy, { identityProviderId, groups: ofGroups.names }),
  );
  const ofApplications = take("accessApplication", behind, (application) =>
    convertApplication(application, ofPolicies.names, identityProviderId),
  );
  const settings = omitEmptyGroups({
    groups: ofGroups.settings,
    policies: ofPolicies.settings,
    applications: ofApplications.settings,
  });
  return { settings, taken, left };
}

type Named = { readonly id: string; readonly name: string };
type SettingsFor<T> = (one: T, names: ReadonlyMap<string, string>) => object;

/** What names the identity provider, at first or second hand, and the groups that those need; groups in groups first. */
function concernedBy(
  { groups, policies, applications }: Omit<AccountAccess, "gaps">,
  identityProviderId: string,
) {
  const names = (one: object) => JSON.stringify(one).includes(identityProviderId);
  const own = groups.filter(names).map(({ id }) => id);
  const over = policies.filter((policy) => names(policy) || groupsIn(policy).some((id) => own.includes(id)));
  const behind = applications.filter(
    (application) =>
      names(application) || application.policies?.some(({ id }) => over.some((policy) => policy.id === id)),
  );
  const inOrder = new Set<ApiRuleSet>();
  const visit = (id: string, within: readonly string[] = []): void => {
    const group = groups.find((one) => one.id === id);
    if (!group || within.includes(id)) return;
    for (const inner of groupsIn(group)) visit(inner, [...within, id]);
    inOrder.add(group);
  };
  for (const id of [...own, ...over.flatMap(groupsIn)]) visit(id);
  return { about: [...inOrder], over, behind };
}

/** Ids of the Access groups that rules name. */
function groupsIn({ include, require, exclude }: ApiRuleSet): string[] {
  const rules = [include, require, exclude].flatMap((list) => list ?? []);
  return rules.flatMap(({ group }) => (group ? [String(group.id)] : []));
}

/** A name for the settings that tells what it is; Cloudflare's own stays as the display name. */
function nameFor(displayName: string, used: ReadonlySet<string>): string {
  const plain = displayName.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const words = plain.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const joined = words.map((word, index) => (index === 0 ? lower(word) : upper(word))).join("");
  const name = joined.replace(/^[^a-z]+/, "").slice(0, 36) || "unnamed";
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}${n}`;
    if (!used.has(candidate)) return candidate;
  }
}

const lower = (word: string) =>
  /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word[0]?.toLowerCase() + word.slice(1);
const upper = (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`;
