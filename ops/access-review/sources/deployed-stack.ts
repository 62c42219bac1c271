import type { ApiApplication, ApiPolicy, ApiRuleSet } from "../../clients/account-access";
import { convertToApi } from "../../clients/cloudflare-names";
import type { StateResource } from "../../stacks/state/state";
import type { Assignment, Directory } from "../decision/model";
import { type AccountObjects, type ApiProvider, convertAccount } from "./enforced-rules";
import { buildAssignment, buildEntraGroup, type StackRules } from "./stack-rules";

const getAccessType = (name: string) => `cloudflare:index/zeroTrustAccess${name}:ZeroTrustAccess${name}`;
const ENTRA_GROUP = "azuread:index/group:Group";
const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";
const SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal";

export const hasApplications = (resources: readonly StateResource[]) =>
  resources.some(({ type }) => type === getAccessType("Application"));

/**
 * Reads the access rules that a stack deployed last, whatever was changed since. An object that the stack does not own is
 * as the account has it.
 */
export function readDeployedStack(all: readonly StateResource[], live: AccountObjects): StackRules {
  const resources = all.filter((resource) => !resource.delete);
  const read = <T>(name: string) =>
    resources.flatMap((resource) =>
      resource.type === getAccessType(name) ? [convertResource<T>(resource)] : [],
    );
  const merge = <T extends { readonly id: string }>(unowned: readonly T[], deployed: readonly T[]) => {
    const ids = new Set(deployed.map(({ id }) => id));
    return [...unowned.filter(({ id }) => !ids.has(id)), ...deployed];
  };
  const applications = read<ApiApplication>("Application");
  const groups = resources.flatMap(({ type, inputs, outputs }) =>
    type === ENTRA_GROUP && Array.isArray(inputs?.members)
      ? [
          {
            id: lower(outputs?.objectId),
            name: String(inputs.displayName),
            members: inputs.members.map(lower),
          },
        ]
      : [],
  );
  return {
    rules: convertAccount({
      accountId: live.accountId,
      applications,
      groups: merge(live.groups, read<ApiRuleSet>("Group")),
      policies: merge(live.policies, read<ApiPolicy>("Policy")),
      providers: merge(live.providers, read<ApiProvider>("IdentityProvider")),
    }),
    applicationIds: new Set(applications.map(({ id }) => id)),
    memberIds: groups.flatMap(({ members }) => members),
    extendDirectory(directory) {
      const owned = groups.filter(({ id }) => directory.groups.has(id));
      return {
        ...directory,
        groups: new Map([
          ...directory.groups,
          ...owned.map((group) => [group.id, buildEntraGroup(group, directory)] as const),
        ]),
        assignments: new Map([...directory.assignments, ...listAssignments(resources, directory)]),
      };
    },
  };
}

const lower = (value: unknown) => String(value).toLowerCase();

/** Lists who may sign in to each of the stack's applications in Entra, by client id. */
function listAssignments(
  resources: readonly StateResource[],
  { assignments }: Directory,
): [clientId: string, Assignment][] {
  return resources.flatMap(({ type, inputs, outputs }): [string, Assignment][] => {
    const clientId = lower(inputs?.clientId);
    if (type !== SERVICE_PRINCIPAL || !assignments.has(clientId)) return [];
    if (inputs?.appRoleAssignmentRequired !== true) return [[clientId, { required: false }]];
    const groups = resources.flatMap((one) =>
      one.type === ASSIGNMENT && lower(one.inputs?.resourceObjectId) === lower(outputs?.objectId)
        ? [lower(one.inputs?.principalObjectId)]
        : [],
    );
    return [[clientId, buildAssignment(assignments.get(clientId), { groups, managed: new Set(groups) })]];
  });
}

/** Converts what a stack deployed to the form of Cloudflare's API. */
function convertResource<T>({ id = "", inputs }: StateResource): T {
  return { ...convertToApi(inputs ?? {}), id: id.split("/").at(-1) } as T;
}
