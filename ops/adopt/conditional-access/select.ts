import type { ConditionalAccessPolicy } from "@microsoft/microsoft-graph-types";
import { NotExpressibleError } from "../access/rules";
import { type AccessImport, Selector } from "../access/selector";
import { convertLocation, convertPolicy, joinIds } from "./convert";
import type { Place, TenantConditionalAccess } from "./read";

export interface ConditionalAccessSelection {
  /** The setting `conditionalAccess`; empty where nothing is imported. */
  readonly settings: object;
  readonly imports: readonly AccessImport[];
  /** Policies on the application and their named locations that are not imported, with the reason. */
  readonly skipped: readonly string[];
}

/**
 * Selects the policies on an application that the settings can express, and the named locations that only these use.
 *
 * @param excluded ids that must not be imported, with the reason; whatever refers to them is skipped too
 */
export function selectConditionalAccess(
  { policies, locations }: TenantConditionalAccess,
  clientId: string,
  excluded: ReadonlyMap<string, string>,
): ConditionalAccessSelection {
  const selector = new Selector(excluded);
  const { imports, skipped } = selector;
  const own = policies.filter((policy) => listTargets(policy).includes(clientId));

  const usedBy = (id: string) => policies.filter((policy) => listLocations(policy).includes(id));
  const used = locations.filter(({ id }) => usedBy(String(id)).some((policy) => own.includes(policy)));
  const forLocations = selector.select("namedLocation", used.map(addName), (location) => {
    const other = usedBy(location.id).find((policy) => !own.includes(policy));
    if (other)
      throw new NotExpressibleError(`policy "${other.displayName}" on other applications uses it too`);
    return { displayName: location.name, ...convertLocation(location) };
  });
  const emergencyAccounts = findEmergencyAccounts(own);
  const forPolicies = selector.select("conditionalAccessPolicy", own.map(addName), (policy) => ({
    displayName: policy.name,
    ...convertPolicy(policy, { clientId, locations: forLocations.names, emergencyAccounts }),
  }));
  if (imports.length === 0) return { settings: {}, imports, skipped };
  const settings = {
    ...(emergencyAccounts.length > 0 && { emergencyAccounts }),
    ...(forLocations.names.size > 0 && { namedLocations: forLocations.settings }),
    ...(forPolicies.names.size > 0 && { policies: forPolicies.settings }),
  };
  return { settings, imports, skipped };
}

const addName = <T extends Place | ConditionalAccessPolicy>(one: T) => ({
  ...one,
  id: String(one.id),
  name: String(one.displayName),
});

const listTargets = ({ conditions }: ConditionalAccessPolicy): readonly string[] =>
  conditions?.applications?.includeApplications ?? [];

function listLocations({ conditions }: ConditionalAccessPolicy): string[] {
  const { includeLocations, excludeLocations } = conditions?.locations ?? {};
  return [...(includeLocations ?? []), ...(excludeLocations ?? [])];
}

/** Finds the accounts that most policies exclude: the settings have one list for all. */
function findEmergencyAccounts(policies: readonly ConditionalAccessPolicy[]): string[] {
  const lists = policies.map(({ conditions }) => conditions?.users?.excludeUsers ?? []);
  const count = (list: readonly string[]) => lists.filter((other) => joinIds(other) === joinIds(list)).length;
  return lists.toSorted((one, other) => count(other) - count(one))[0] ?? [];
}
