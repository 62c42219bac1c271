import type { ConditionalAccessPolicy } from "@microsoft/microsoft-graph-types";
import { NotExpressibleError } from "../access/rules";
import { type AccessImport, chooseName } from "../access/select";
import { convertLocation, convertPolicy, joinIds } from "./convert";
import type { Place, TenantConditionalAccess } from "./read";

export interface ConditionalAccessSelection {
  /** The setting `conditionalAccess`; empty where nothing is imported. */
  readonly settings: object;
  readonly imports: readonly AccessImport[];
  /** Policies on the application and their named locations that are not imported, with the reason. */
  readonly skipped: readonly string[];
}

const LOCATION = "azuread:index/namedLocation:NamedLocation";
const POLICY = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

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
  const imports: AccessImport[] = [];
  const skipped: string[] = [];
  const own = policies.filter((policy) => listTargets(policy).includes(clientId));
  const select = <T extends Place | ConditionalAccessPolicy>(
    kind: "namedLocation" | "conditionalAccessPolicy",
    all: readonly T[],
    convert: (one: T) => object,
  ) => {
    const [label, part, type] =
      kind === "namedLocation"
        ? ["named location", "location", LOCATION]
        : ["policy of Conditional Access", "conditional-access", POLICY];
    const names = new Map<string, string>();
    const settings: Record<string, object> = {};
    for (const one of all) {
      const [id, displayName] = [String(one.id), String(one.displayName)];
      try {
        const reason = excluded.get(id);
        if (reason) throw new NotExpressibleError(reason);
        const converted = convert(one);
        const name = chooseName(displayName, new Set(names.values()));
        names.set(id, name);
        settings[name] = { displayName, ...converted };
        imports.push({ kind, name: displayName, id, key: [type, `entra-${part}-${name}`] });
      } catch (error) {
        if (!(error instanceof NotExpressibleError)) throw error;
        skipped.push(`${label} "${displayName}" (${id}): ${error.message}`);
      }
    }
    return { names, settings };
  };

  const usedBy = (id: string) => policies.filter((policy) => listLocations(policy).includes(id));
  const forLocations = select(
    "namedLocation",
    locations.filter(({ id }) => usedBy(String(id)).some((policy) => own.includes(policy))),
    (location) => {
      const other = usedBy(String(location.id)).find((policy) => !own.includes(policy));
      if (other)
        throw new NotExpressibleError(`policy "${other.displayName}" on other applications uses it too`);
      return convertLocation(location);
    },
  );
  const emergencyAccounts = findEmergencyAccounts(own);
  const forPolicies = select("conditionalAccessPolicy", own, (policy) =>
    convertPolicy(policy, { clientId, locations: forLocations.names, emergencyAccounts }),
  );
  if (imports.length === 0) return { settings: {}, imports, skipped };
  const settings = {
    ...(emergencyAccounts.length > 0 && { emergencyAccounts }),
    ...(forLocations.names.size > 0 && { namedLocations: forLocations.settings }),
    ...(forPolicies.names.size > 0 && { policies: forPolicies.settings }),
  };
  return { settings, imports, skipped };
}

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
