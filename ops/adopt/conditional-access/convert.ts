import type {
  ConditionalAccessConditionSet,
  ConditionalAccessPolicy,
  ConditionalAccessSessionControls,
  ConditionalAccessUsers,
} from "@microsoft/microsoft-graph-types";
import {
  AUTHENTICATION_STRENGTHS,
  EVERY_LOCATION,
  TRUSTED_LOCATIONS,
} from "../../../config/conditional-access/schema";
import { NotExpressibleError } from "../access/rules";
import type { Place } from "./read";

/** Requires that a part of a policy says nothing, because no setting declares it. @throws NotExpressibleError */
function requireEmpty(parts: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parts)) {
    const isEmpty =
      value === undefined ||
      value === null ||
      value === false ||
      (Array.isArray(value) && value.length === 0);
    if (!isEmpty) throw new NotExpressibleError(`no setting expresses its ${name}`);
  }
}

/** Converts a named location to its settings. @throws NotExpressibleError */
export function convertLocation(location: Place): object {
  const { ipRanges, isTrusted, countriesAndRegions, countryLookupMethod } = location;
  if (ipRanges)
    return {
      ranges: ipRanges.map(({ cidrAddress }) => String(cidrAddress)),
      ...(isTrusted && { trusted: true }),
    };
  if (!countriesAndRegions) throw new NotExpressibleError("no setting expresses its kind");
  if (countryLookupMethod !== "clientIpAddress")
    throw new NotExpressibleError("it takes the country from the Authenticator app");
  const { includeUnknownCountriesAndRegions: unknownCountries } = location;
  return { countries: [...countriesAndRegions], ...(unknownCountries && { unknownCountries }) };
}

export interface PolicyNames {
  /** Client id of the application that is adopted. */
  readonly clientId: string;
  /** Names in the settings of the named locations that are imported, by id. */
  readonly locations: ReadonlyMap<string, string>;
  /** Object ids of the accounts that all imported policies exclude. */
  readonly emergencyAccounts: readonly string[];
}

/** Converts a policy to its settings. @throws NotExpressibleError */
export function convertPolicy(policy: ConditionalAccessPolicy, names: PolicyNames): object {
  const { conditions, grantControls, sessionControls, state } = policy;
  if (state === "enabledForReportingButNotEnforced")
    throw new NotExpressibleError(
      "it only reports, and somebody must say until when: declare it with decideBy, and up imports it",
    );
  const { operator, builtInControls = [], authenticationStrength, ...others } = grantControls ?? {};
  requireEmpty({
    "terms of use": others.termsOfUse,
    "custom authentication factors": others.customAuthenticationFactors,
  });
  const isBlock = builtInControls?.includes("block") === true;
  const require = isBlock ? [] : (builtInControls ?? []);
  const count = (builtInControls?.length ?? 0) + (authenticationStrength ? 1 : 0);
  if (count === 1 && operator === "AND")
    throw new NotExpressibleError(
      "its one requirement has the operator AND, and the stack writes OR, which means the same",
    );
  return {
    state,
    ...convertConditions(conditions ?? {}, names),
    ...(isBlock && { block: true }),
    ...(require.length > 0 && { require }),
    ...(authenticationStrength && {
      authenticationStrength: nameStrength(String(authenticationStrength.id)),
    }),
    ...(count > 1 && operator === "OR" && { oneIsEnough: true }),
    ...convertSession(sessionControls),
  };
}

function convertConditions(conditions: ConditionalAccessConditionSet, names: PolicyNames) {
  const { applications, clientAppTypes, locations, signInRiskLevels, users, ...others } = conditions;
  requireEmpty({
    "excluded applications": applications?.excludeApplications,
    "user actions": applications?.includeUserActions,
    "authentication contexts": applications?.includeAuthenticationContextClassReferences,
    "filter of applications": applications?.applicationFilter,
    "authentication flows": others.authenticationFlows,
    "clients of applications": others.clientApplications,
    "filter of devices": others.devices,
    "insider risk": others.insiderRiskLevels,
    platforms: others.platforms,
    "risk of service principals": others.servicePrincipalRiskLevels,
    "risk of users": others.userRiskLevels,
  });
  if (applications?.includeApplications?.some((id) => id !== names.clientId))
    throw new NotExpressibleError("it also applies to other applications");
  if (clientAppTypes?.length !== 1 || clientAppTypes[0] !== "all")
    throw new NotExpressibleError("it applies to some client apps only");
  const name = (ids: readonly string[] | null | undefined) =>
    (ids ?? []).map((id) => nameLocation(id, names));
  const excluded = name(locations?.excludeLocations);
  return {
    ...convertUsers(users ?? {}, names),
    ...(locations && {
      locations: {
        include: name(locations.includeLocations),
        ...(excluded.length > 0 && { exclude: excluded }),
      },
    }),
    ...(signInRiskLevels?.length && { signInRisk: signInRiskLevels }),
  };
}

function convertUsers(users: ConditionalAccessUsers, { emergencyAccounts }: PolicyNames) {
  const { includeUsers, includeGroups, excludeGroups, excludeUsers, ...others } = users;
  requireEmpty({
    roles: [...(others.includeRoles ?? []), ...(others.excludeRoles ?? [])],
    guests: others.includeGuestsOrExternalUsers ?? others.excludeGuestsOrExternalUsers,
  });
  const isEverybody = includeUsers?.length === 1 && includeUsers[0] === "All";
  if (isEverybody === (includeGroups ?? []).length > 0 || (!isEverybody && (includeUsers ?? []).length > 0))
    throw new NotExpressibleError("it applies to people who are neither everybody nor members of groups");
  if (joinIds(excludeUsers) !== joinIds(emergencyAccounts))
    throw new NotExpressibleError("it excludes other accounts than the other policies");
  return {
    ...(!isEverybody && { includeGroups }),
    ...(excludeGroups?.length && { excludeGroups }),
  };
}

/** Joins ids in an order of their own, so that equal sets are equal. */
export const joinIds = (ids: readonly string[] | null | undefined) => [...(ids ?? [])].sort().join(" ");

function nameLocation(id: string, { locations }: PolicyNames): string {
  if (id === "All") return EVERY_LOCATION;
  if (id === "AllTrusted") return TRUSTED_LOCATIONS;
  const name = locations.get(id);
  if (name === undefined)
    throw new NotExpressibleError(`it needs named location ${id}, which is not imported`);
  return name;
}

function nameStrength(id: string): string {
  return Object.entries(AUTHENTICATION_STRENGTHS).find(([, strengthId]) => strengthId === id)?.[0] ?? id;
}

function convertSession(controls: ConditionalAccessSessionControls | null | undefined) {
  if (!controls) return {};
  const { signInFrequency: frequency, ...others } = controls;
  requireEmpty({
    "restrictions of applications": others.applicationEnforcedRestrictions?.isEnabled,
    "cloud app security": others.cloudAppSecurity?.isEnabled,
    "persistent browser session": others.persistentBrowser?.isEnabled,
    "disabled resilience": others.disableResilienceDefaults,
  });
  if (!frequency?.isEnabled) return {};
  if (frequency.authenticationType !== "primaryAndSecondaryAuthentication")
    throw new NotExpressibleError("its sign-in frequency is about the second factor alone");
  if (frequency.frequencyInterval === "everyTime") return { signInFrequency: "everyTime" };
  return { signInFrequency: `${frequency.value}${frequency.type === "hours" ? "h" : "d"}` };
}
