/** Checks of Entra groups: names that the directory, which ignores their case, would take for one. */

import type { AccessCheck } from "./name-checks";
import { OWN_IDENTITY_PROVIDER } from "./rules";

const refuseRepeatedOwnedGroup: AccessCheck = ({ ownedEntraGroups }, refuse) => {
  const owners = new Map<string, string>();
  for (const [name, { displayName }] of Object.entries(ownedEntraGroups)) {
    const key = displayName.toLowerCase();
    const first = owners.get(key);
    if (first === undefined) owners.set(key, name);
    else refuse(["ownedEntraGroups", name, "displayName"], `must be another name than that of "${first}"`);
  }
};

/** Refuses another spelling of a group that the stack creates, which would be looked up before it exists. */
const refuseOtherSpelling: AccessCheck = ({ groups, ownedEntraGroups }, refuse) => {
  const owned = Object.values(ownedEntraGroups).map(({ displayName }) => displayName);
  for (const [name, { identityProvider, ...rules }] of Object.entries(groups)) {
    if (identityProvider !== OWN_IDENTITY_PROVIDER) continue;
    for (const part of ["include", "require", "exclude"] as const)
      for (const [index, reference] of (rules[part]?.entraGroups ?? []).entries()) {
        const spelling = owned.find((one) => one.toLowerCase() === reference.toLowerCase());
        if (spelling === undefined || spelling === reference) continue;
        const path = ["groups", name, part, "entraGroups", index];
        refuse(path, `must be "${spelling}", as in ownedEntraGroups`);
      }
  }
};

export const entraGroupChecks: readonly AccessCheck[] = [refuseRepeatedOwnedGroup, refuseOtherSpelling];
