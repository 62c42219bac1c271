/** The conversion of Conditional Access policies between Graph and the properties of the azuread plugin. */
import type { Properties } from "../../bridge/values";
import { toRecord, toStrings } from "../microsoft-graph/wire";

const STRENGTHS = "/policies/authenticationStrengthPolicies/";

/** The plugin's names of lists, in which Graph says `include` and `exclude`. */
const APPLICATIONS = ["excludedApplications", "includedApplications", "includedUserActions"];
const LOCATIONS = ["excludedLocations", "includedLocations"];
const USERS = ["Groups", "Roles", "Users"].flatMap((kind) => [`excluded${kind}`, `included${kind}`]);
const toGraphName = (name: string) => name.replace(/^(ex|in)cluded/, "$1clude");

const buildLists = (names: readonly string[], values: Properties) =>
  Object.fromEntries(names.map((name) => [toGraphName(name), toStrings(values[name])]));

const readLists = (names: readonly string[], found: Properties) =>
  Object.fromEntries(names.map((name) => [name, toStrings(found[toGraphName(name)])]));

/** Lists with the same names on both sides. */
const LISTS = ["clientAppTypes", "servicePrincipalRiskLevels", "signInRiskLevels", "userRiskLevels"];

/** Builds the body of a policy, which has every property also in a change. */
export function buildPolicyBody(inputs: Properties): Properties {
  const conditions = toRecord(inputs.conditions);
  return {
    "@odata.type": "#microsoft.graph.conditionalAccessPolicy",
    conditions: {
      ...buildLists(LISTS, conditions),
      applications: buildLists(APPLICATIONS, toRecord(conditions.applications)),
      authenticationFlows: null,
      devices: null,
      locations: conditions.locations ? buildLists(LOCATIONS, toRecord(conditions.locations)) : null,
      platforms: null,
      users: {
        ...buildLists(USERS, toRecord(conditions.users)),
        excludeGuestsOrExternalUsers: null,
        includeGuestsOrExternalUsers: null,
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
  return {
    id: `/identity/conditionalAccess/policies/${found.id}`,
    objectId: found.id,
    displayName: found.displayName ?? "",
    state: found.state ?? "",
    conditions: {
      ...readLists(LISTS, conditions),
      applications: readLists(APPLICATIONS, toRecord(conditions.applications)),
      insiderRiskLevels: "",
      ...(conditions.locations ? { locations: readLists(LOCATIONS, toRecord(conditions.locations)) } : {}),
      users: {
        ...readLists(USERS, toRecord(conditions.users)),
        excludedGuestsOrExternalUsers: [],
        includedGuestsOrExternalUsers: [],
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
