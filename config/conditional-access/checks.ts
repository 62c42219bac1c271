/** Checks of Conditional Access: settings that Entra would refuse, or that would lock people out. */

import { type Refuse, suggestName } from "../values/fields";
import {
  type ConditionalAccessConfig,
  type ConditionalAccessPolicyConfig,
  EVERY_LOCATION,
  type NamedLocationConfig,
  TRUSTED_LOCATIONS,
} from "./schema";

/** Refuses policies and locations that would not work as they are set. @param refuse takes paths below `conditionalAccess` */
export function checkConditionalAccess(config: ConditionalAccessConfig, refuse: Refuse): void {
  for (const [name, location] of Object.entries(config.namedLocations))
    checkNamedLocation(name, location, (path, ...rest) => refuse(["namedLocations", name, ...path], ...rest));
  for (const [name, policy] of Object.entries(config.policies)) {
    const refusePart: Refuse = (path, ...rest) => refuse(["policies", name, ...path], ...rest);
    checkState(policy, refusePart);
    checkControls(policy, refusePart);
    checkLocations(policy, config, refusePart);
    checkLockout(policy, config, refusePart);
  }
}

function checkNamedLocation(name: string, location: NamedLocationConfig, refuse: Refuse): void {
  const { ranges, trusted, countries, unknownCountries } = location;
  if ([EVERY_LOCATION, TRUSTED_LOCATIONS].includes(name))
    refuse([], "must have another name, because policies call locations of every tenant so");
  if ((ranges === undefined) === (countries === undefined))
    refuse([], "must have either ranges or countries");
  if (trusted !== undefined && !ranges) refuse(["trusted"], "is only allowed with ranges");
  if (unknownCountries !== undefined && !countries)
    refuse(["unknownCountries"], "is only allowed with countries");
}

function checkState({ state, decideBy }: ConditionalAccessPolicyConfig, refuse: Refuse): void {
  if (state === "reportOnly" && decideBy === undefined)
    refuse(
      ["decideBy"],
      "must be set while the state is reportOnly, because a policy that only reports protects nobody",
    );
  if (state !== "reportOnly" && decideBy !== undefined)
    refuse(["decideBy"], "is only allowed with the state reportOnly");
}

/** https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant */
function checkControls(policy: ConditionalAccessPolicyConfig, refuse: Refuse): void {
  const { block, require = [], authenticationStrength: strength, signInFrequency, oneIsEnough } = policy;
  const required = [...require, ...(strength === undefined ? [] : [strength])];
  if (!block && required.length === 0 && signInFrequency === undefined)
    refuse([], "must have at least one of block, require, authenticationStrength and signInFrequency");
  if (block && (required.length > 0 || signInFrequency !== undefined))
    refuse(["block"], "must be false with require, authenticationStrength or signInFrequency");
  if (strength !== undefined && require.includes("mfa"))
    refuse(["authenticationStrength"], "must not be set with mfa in require, which is weaker");
  if (oneIsEnough && required.length < 2)
    refuse(["oneIsEnough"], "must be false, because there are no two requirements to choose from");
}

function checkLocations(
  { locations }: ConditionalAccessPolicyConfig,
  { namedLocations }: ConditionalAccessConfig,
  refuse: Refuse,
): void {
  const known = [...Object.keys(namedLocations), TRUSTED_LOCATIONS];
  for (const part of ["include", "exclude"] as const) {
    for (const [index, name] of (locations?.[part] ?? []).entries()) {
      if (known.includes(name) || (name === EVERY_LOCATION && part === "include")) continue;
      const message = "must be the name of a location in conditionalAccess.namedLocations";
      refuse(["locations", part, index], message, suggestName(name, known));
    }
  }
  if (locations && locations.include.length > 1 && locations.include.includes(EVERY_LOCATION))
    refuse(["locations", "include"], `must have "${EVERY_LOCATION}" alone`);
}

/** Refuses a policy that nobody could pass, and one for everybody without a way out when it cannot be met. */
function checkLockout(
  policy: ConditionalAccessPolicyConfig,
  { emergencyAccounts }: ConditionalAccessConfig,
  refuse: Refuse,
): void {
  const { state, includeGroups, locations, signInRisk, block, require, authenticationStrength } = policy;
  if (state === "disabled" || includeGroups) return;
  if (block && !signInRisk && !isLimited(locations))
    refuse(
      ["block"],
      "must be false without locations, signInRisk or includeGroups: it would refuse everybody",
    );
  if ((block || require || authenticationStrength) && !emergencyAccounts)
    refuse(
      [],
      "must not apply to everybody without an emergency account: it could lock out every administrator",
      "Set conditionalAccess.emergencyAccounts to the object ids of accounts that no policy applies to.",
    );
}

const isLimited = (locations: ConditionalAccessPolicyConfig["locations"]) =>
  locations !== undefined && (locations.exclude !== undefined || !locations.include.includes(EVERY_LOCATION));
