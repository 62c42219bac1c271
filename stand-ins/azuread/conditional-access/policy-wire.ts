/** The conversion of Conditional Access policies between Graph and the properties of the azuread plugin. */
import type { Properties } from "../../bridge/values";
import { toRecord, toStrings } from "../microsoft-graph/wire";

const STRENGTHS = "/policies/authenticationStrengthPolicies/";

/** Builds the body of a policy, which has every property also in a change. */
export function buildPolicyBody(inputs: Properties): Properties {
  const conditions = toRecord(inputs.conditions);
  const [applications, users] = [toRecord(conditions.applications), toRecord(conditions.users)];
  const locations = conditions.locations ? toRecord(conditions.locations) : undefined;
  return {
    "@odata.type": "#microsoft.graph.conditionalAccessPolicy",
    conditions: {
      applications: {
        excludeApplications: toStrings(applications.excludedApplications),
        includeApplications: toStrings(applications.includedApplications),
        includeUserActions: toStrings(applications.includedUserActions),
      },
      authenticationFlows: null,
      clientAppTypes: toStrings(conditions.clientAppTypes),
      devices: null,
      locations: locations
        ? {
            excludeLocations: toStrings(locations.excludedLocations),
            includeLocations: toStrings(locations.includedLocations),
          }
        : null,
      platforms: null,
      servicePrincipalRiskLevels: toStrings(conditions.servicePrincipalRiskLevels),
      signInRiskLevels: toStrings(conditions.signInRiskLevels),
      userRiskLevels: toStrings(conditions.userRiskLevels),
      users: {
        excludeGroups: toStrings(users.excludedGroups),
        excludeGuestsOrExternalUsers: null,
        excludeRoles: toStrings(users.excludedRoles),
        excludeUsers: toStrings(users.excludedUsers),
        includeGroups: toStrings(users.includedGroups),
        includeGuestsOrExternalUsers: null,
        includeRoles: toStrings(users.includedRoles),
        includeUsers: toStrings(users.includedUsers),
      },
    },
    displayName: inputs.displayName,
    grantControls: inputs.grantControls ? buildGrantControls(toRecord(inputs.grantControls)) : null,
    sessionControls: inputs.sessionControls ? buildSessionControls(toRecord(inputs.sessionControls)) : null,
    state: inputs.state,
  };
}

function buildGrantControls(controls: Properties): Properties {
  const { authenticationStrengthPolicyId: strength } = controls;
  return {
    ...(strength
      ? {
          authenticationStrength: {
            "@odata.type": "#microsoft.graph.authenticationStrengthPolicy",
            id: String(strength).replace(STRENGTHS, ""),
          },
        }
      : {}),
    builtInControls: toStrings(controls.builtInControls),
    customAuthenticationFactors: toStrings(controls.customAuthenticationFactors),
    operator: controls.operator,
    termsOfUse: toStrings(controls.termsOfUses),
  };
}

/** Builds session controls; null if none has an effect, because Graph refuses such an object. */
function buildSessionControls(controls: Properties): Properties | null {
  const interval = controls.signInFrequencyInterval || "timeBased";
  const isEveryTime = interval === "everyTime";
  const hasFrequency = isEveryTime || Number(controls.signInFrequency ?? 0) > 0;
  const { cloudAppSecurityPolicy: security, persistentBrowserMode: mode } = controls;
  const others = [
    controls.applicationEnforcedRestrictionsEnabled,
    controls.disableResilienceDefaults,
    security,
    mode,
  ];
  if (!hasFrequency && !others.some(Boolean)) return null;
  const frequency = {
    ...control("signInFrequency"),
    frequencyInterval: interval,
    authenticationType: controls.signInFrequencyAuthenticationType || "primaryAndSecondaryAuthentication",
    ...(isEveryTime ? {} : { type: controls.signInFrequencyPeriod, value: controls.signInFrequency }),
  };
  return {
    // Entra refuses these two with a sign-in at every time.
    ...(isEveryTime
      ? {}
      : {
          applicationEnforcedRestrictions: {
            ...control("applicationEnforcedRestrictions"),
            isEnabled: controls.applicationEnforcedRestrictionsEnabled ?? false,
          },
          disableResilienceDefaults: controls.disableResilienceDefaults ?? false,
        }),
    cloudAppSecurity: security ? { ...control("cloudAppSecurity"), cloudAppSecurityType: security } : null,
    ...(mode ? { persistentBrowser: { ...control("persistentBrowser"), mode } } : {}),
    ...(hasFrequency ? { signInFrequency: frequency } : {}),
  };
}

const control = (name: string) => ({
  "@odata.type": `#microsoft.graph.${name}SessionControl`,
  isEnabled: true,
});

/** Reads outputs. */
export function readPolicy(found: Properties): Properties {
  const conditions = toRecord(found.conditions);
  const [applications, users] = [toRecord(conditions.applications), toRecord(conditions.users)];
  const locations = conditions.locations ? toRecord(conditions.locations) : undefined;
  return {
    id: `/identity/conditionalAccess/policies/${found.id}`,
    objectId: found.id,
    displayName: found.displayName ?? "",
    state: found.state ?? "",
    conditions: {
      applications: {
        excludedApplications: toStrings(applications.excludeApplications),
        includedApplications: toStrings(applications.includeApplications),
        includedUserActions: toStrings(applications.includeUserActions),
      },
      clientAppTypes: toStrings(conditions.clientAppTypes),
      insiderRiskLevels: "",
      ...(locations && {
        locations: {
          excludedLocations: toStrings(locations.excludeLocations),
          includedLocations: toStrings(locations.includeLocations),
        },
      }),
      servicePrincipalRiskLevels: toStrings(conditions.servicePrincipalRiskLevels),
      signInRiskLevels: toStrings(conditions.signInRiskLevels),
      userRiskLevels: toStrings(conditions.userRiskLevels),
      users: {
        excludedGroups: toStrings(users.excludeGroups),
        excludedGuestsOrExternalUsers: [],
        excludedRoles: toStrings(users.excludeRoles),
        excludedUsers: toStrings(users.excludeUsers),
        includedGroups: toStrings(users.includeGroups),
        includedGuestsOrExternalUsers: [],
        includedRoles: toStrings(users.includeRoles),
        includedUsers: toStrings(users.includeUsers),
      },
    },
    ...(found.grantControls ? { grantControls: readGrantControls(toRecord(found.grantControls)) } : {}),
    ...(found.sessionControls
      ? { sessionControls: readSessionControls(toRecord(found.sessionControls)) }
      : {}),
  };
}

function readGrantControls(controls: Properties): Properties {
  const { id } = toRecord(controls.authenticationStrength);
  return {
    authenticationStrengthPolicyId: id ? `${STRENGTHS}${id}` : "",
    builtInControls: toStrings(controls.builtInControls),
    customAuthenticationFactors: toStrings(controls.customAuthenticationFactors),
    operator: controls.operator ?? "",
    termsOfUses: toStrings(controls.termsOfUse),
  };
}

function readSessionControls(controls: Properties): Properties {
  const frequency = toRecord(controls.signInFrequency);
  return {
    applicationEnforcedRestrictionsEnabled:
      toRecord(controls.applicationEnforcedRestrictions).isEnabled ?? false,
    cloudAppSecurityPolicy: toRecord(controls.cloudAppSecurity).cloudAppSecurityType ?? "",
    disableResilienceDefaults: controls.disableResilienceDefaults ?? false,
    persistentBrowserMode: toRecord(controls.persistentBrowser).mode ?? "",
    signInFrequency: frequency.value ?? 0,
    signInFrequencyAuthenticationType: frequency.authenticationType ?? "",
    signInFrequencyInterval: frequency.frequencyInterval ?? "",
    signInFrequencyPeriod: frequency.value ? (frequency.type ?? "") : "",
  };
}
