import type { OutputMap } from "@pulumi/pulumi/automation";
import { OWN_IDENTITY_PROVIDER, parseConfig, type StackConfig } from "../../../config";
import { listAdmittedEntraGroups } from "../../../config/access/rules";
import { listOwnTenantNames } from "../../../config/identity-providers";
import { GUID_PATTERN } from "../../../config/values/fields";
import {
  findRenamedKeys,
  type Identifiers,
  listIdentifiers,
  type RenamedKey,
} from "../../../config/values/identifiers";
import type { ProviderConfiguration } from "../../clients/deployer";
import type { Stack } from "../../stacks";
import { findProjectKey } from "../../stacks/settings/project-setting";
import { readOutputs, readStackState, type StateResource } from "../../stacks/state/state";
import type { AccessRules, Assignment, Directory } from "../decision/model";
import type { OpenDirectory } from "./account-reviews";
import { buildDeclaredRules, getDeclaredClientId } from "./declared-rules";
import { buildAssignment, buildEntraGroup, type StackRules } from "./stack-rules";

/** The access rules that a stack's settings declare, beside what is deployed. */
export interface DeclaredStack extends StackRules {
  /** Entra groups that the change creates or renames, and those that are not found or were renamed. */
  readonly notes: readonly string[];
}

interface StackState {
  readonly resources: readonly StateResource[];
  readonly outputs: OutputMap;
}

const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
const ENTRA_GROUP = "azuread:index/group:Group";
const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";

/** @throws RunError where the settings are invalid */
export async function readDeclaredStack(
  stack: Stack,
  settings: ProviderConfiguration,
  directories: readonly OpenDirectory[],
  providers: AccessRules["providers"],
): Promise<DeclaredStack> {
  const state = await stack.exportCached();
  return declareStack(
    settings,
    { resources: readStackState(state).resources, outputs: readOutputs(state) },
    directories,
    providers,
  );
}

export function declareStack(
  { config: values }: ProviderConfiguration,
  state: StackState,
  directories: readonly OpenDirectory[],
  providers: AccessRules["providers"],
): DeclaredStack {
  const project = findProjectKey(values, "accountId")?.split(":")[0] ?? "";
  const config = parseConfig(values, project);
  const notes = new Set<string>();
  const renamed = findRenamedKeys(
    listIdentifiers(config.access),
    (state.outputs.identifiers?.value ?? {}) as Identifiers,
  );
  const follow = (setting: string, ids: ReadonlyMap<string, string>) => followKeys(setting, ids, renamed);
  const applications = follow("applications", listIds(state, APPLICATION, "access-application-"));
  const enrolment = listIds(state, APPLICATION, "access-device-enrolment").get("");
  const ownedIds = follow("ownedEntraGroups", listIds(state, ENTRA_GROUP, "entra-group-"));
  const owned = listOwnedGroups(config, ownedIds);
  const tenants = listTenantIds(config, providers);
  const resolve = createResolver(config, { state, directories, tenants, ownedIds, notes });
  return {
    rules: buildDeclaredRules(config, { applications, enrolment, providers }, resolve),
    applicationIds: new Set([...applications.values(), ...(enrolment === undefined ? [] : [enrolment])]),
    notes: [...notes],
    memberIds: owned.flatMap(({ members }) => members.map((member) => member.toLowerCase())),
    extendDirectory(directory) {
      const isOwn = directory.tenantId === config.tenantId.toLowerCase();
      const groups = isOwn ? owned.map((group) => buildEntraGroup(group, directory)) : [];
      const assignments = [...tenants].flatMap(([name, tenantId]): [string, Assignment][] =>
        tenantId === directory.tenantId
          ? [
              [
                getDeclaredClientId(name),
                buildDeclaredAssignment(config, name, { state, directory, resolve }),
              ],
            ]
          : [],
      );
      return {
        ...directory,
        groups: new Map([...directory.groups, ...groups.map((group) => [group.id, group] as const)]),
        assignments: new Map([...directory.assignments, ...assignments]),
      };
    },
  };
}

/** Lists the ids of resources of a type, by the part of their name after a prefix. */
function listIds({ resources }: StackState, type: string, prefix: string): Map<string, string> {
  return new Map(
    resources.flatMap((resource): [string, string][] => {
      const name = resource.urn.split("::").at(-1) ?? "";
      const id = resource.outputs?.objectId ?? resource.id?.split("/").at(-1);
      if (resource.type !== type || !name.startsWith(prefix) || resource.delete || !id) return [];
      return [[name.slice(prefix.length), String(id).toLowerCase()]];
    }),
  );
}

/** Returns ids by the keys that a setting has now, where the program keeps the objects of renamed ones. */
function followKeys(
  setting: string,
  ids: ReadonlyMap<string, string>,
  renamed: readonly RenamedKey[],
): Map<string, string> {
  const keys = new Map(
    renamed.filter((one) => one.setting === setting).map(({ key, formerKey }) => [formerKey, key]),
  );
  return new Map([...ids].map(([key, id]) => [keys.get(key) ?? key, id]));
}

/** Lists the tenants by name of their identity provider. */
function listTenantIds(
  { tenantId, access }: StackConfig,
  providers: AccessRules["providers"],
): Map<string, string> {
  const further = Object.entries(access.identityProviders).flatMap(([name, one]): [string, string][] => {
    if (one.kind === "oneTimePin") return [];
    const id =
      one.directory?.tenantId ?? (one.kind === "existing" ? providers.get(one.id)?.tenantId : undefined);
    return id === undefined ? [] : [[name, id.toLowerCase()]];
  });
  return new Map([[OWN_IDENTITY_PROVIDER, tenantId.toLowerCase()], ...further]);
}

const createOwnedId = (key: string) => `new:${key}`;

function createResolver(
  config: StackConfig,
  o: {
    state: StackState;
    directories: readonly OpenDirectory[];
    tenants: ReadonlyMap<string, string>;
    ownedIds: ReadonlyMap<string, string>;
    notes: Set<string>;
  },
) {
  const { state, directories, tenants, ownedIds, notes } = o;
  const idsByName = new Map(directories.map(({ tenantId, names }) => [tenantId, indexByName(names)]));
  const former = (state.outputs.entraGroups?.value ?? {}) as Record<
    string,
    Record<string, string> | undefined
  >;
  const namesOf = (provider: string) =>
    directories.find(({ tenantId }) => tenantId === tenants.get(provider))?.names;
  const ownTenant = listOwnTenantNames(config.access.identityProviders);
  return (provider: string, reference: string): string => {
    const owned = Object.entries(config.access.ownedEntraGroups).find(
      ([, group]) => ownTenant.includes(provider) && group.displayName === reference,
    );
    if (owned) {
      const [key, { members = [] }] = owned;
      const id = ownedIds.get(key);
      const current = id === undefined ? undefined : namesOf(provider)?.get(id);
      if (id === undefined)
        notes.add(
          `Entra group "${reference}" is created, with ${members.length} ${members.length === 1 ? "member" : "members"}`,
        );
      else if (current !== undefined && current !== reference)
        notes.add(`Entra group "${current}" is renamed to "${reference}"`);
      return id ?? createOwnedId(key);
    }
    const tenantId = tenants.get(provider) ?? "";
    const names = namesOf(provider);
    const found = GUID_PATTERN.test(reference)
      ? [reference].filter((id) => names?.has(id))
      : (idsByName.get(tenantId)?.get(reference.toLowerCase()) ?? []);
    const [first, second] = found;
    if (first !== undefined && second === undefined) return first;
    const kept = former[provider]?.[reference]?.toLowerCase();
    const newName = kept === undefined ? undefined : names?.get(kept);
    const problem =
      second !== undefined
        ? `${found.length} groups have this name`
        : newName !== undefined
          ? `it was renamed to "${newName}"`
          : "it was not found";
    const consequence =
      kept === undefined
        ? "nobody counts as a member, and the update will stop"
        : `its rules keep object id ${kept}`;
    notes.add(`Entra group "${reference}": ${problem}; ${consequence}`);
    return kept ?? `missing:${reference}`;
  };
}

/** Indexes object ids by name in lower case, because the directory ignores case. */
function indexByName(names: ReadonlyMap<string, string>): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const [id, name] of names) {
    const ids = index.get(name.toLowerCase());
    if (ids) ids.push(id);
    else index.set(name.toLowerCase(), [id]);
  }
  return index;
}

/** Lists the groups that the stack owns and whose members it declares, or that it creates. */
function listOwnedGroups({ access }: StackConfig, ownedIds: ReadonlyMap<string, string>) {
  return Object.entries(access.ownedEntraGroups).flatMap(([key, { displayName: name, members }]) => {
    const id = ownedIds.get(key) ?? createOwnedId(key);
    return members === undefined && ownedIds.has(key) ? [] : [{ id, name, members: members ?? [] }];
  });
}

/** Builds who may sign in after the update: assigned by hand before, or by an allowing policy. */
function buildDeclaredAssignment(
  config: StackConfig,
  name: string,
  {
    state,
    directory,
    resolve,
  }: { state: StackState; directory: Directory; resolve: (provider: string, reference: string) => string },
): Assignment {
  const { access } = config;
  const further = access.identityProviders[name];
  const isRequired =
    name === OWN_IDENTITY_PROVIDER ? access.assignedOnly : further?.kind === "tenant" && further.assignedOnly;
  if (!isRequired) return { required: false };
  const managed = new Set(
    state.resources
      .filter(({ type, urn }) => type === ASSIGNMENT && urn.includes(`::${name}-assignment-`))
      .map(({ inputs }) => String(inputs?.principalObjectId).toLowerCase()),
  );
  const clientId = String(
    (name === OWN_IDENTITY_PROVIDER
      ? state.outputs.clientId?.value
      : (state.outputs.identityProviders?.value as Record<string, { clientId?: string }> | undefined)?.[name]
          ?.clientId) ?? "",
  ).toLowerCase();
  const groups = listAdmittedEntraGroups(access, name).map((reference) => resolve(name, reference));
  return buildAssignment(directory.assignments.get(clientId), { groups, managed });
}
