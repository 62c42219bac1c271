import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { judgeDecision } from "../../config/conditional-access/decision";
import {
  AUTHENTICATION_STRENGTHS,
  type ConditionalAccessConfig,
  type ConditionalAccessPolicyConfig,
  EVERY_LOCATION,
  type NamedLocationConfig,
  TRUSTED_LOCATIONS,
} from "../../config/conditional-access/schema";
import { ACTION_NEEDED } from "../../config/run";
import { getOwn, mapValues } from "../map-values";

export interface ConditionalAccessArgs extends ConditionalAccessConfig {
  /** Application (client) id, to which the policies apply. */
  clientId: pulumi.Input<string>;
  /** The name of the application, with which the default names begin, e.g. "Cloudflare Access (contoso)". */
  applicationName: string;
  /** The current time, from which the days until a decision are counted. */
  now: Date;
}

/**
 * Policies of Conditional Access on the application of a sign-in, and the named locations that they refer to.
 *
 * @example
 * new ConditionalAccess("entra", {
 *   clientId: application.clientId,
 *   applicationName: "Cloudflare Access (contoso)",
 *   now: new Date(),
 *   emergencyAccounts: ["70b461b7-92e9-4fd2-9b86-c3b3ef5fd296"],
 *   namedLocations: {},
 *   policies: { mfa: { state: "enabled", require: ["mfa"], block: false, oneIsEnough: false } },
 * });
 */
export class ConditionalAccess extends pulumi.ComponentResource {
  constructor(name: string, args: ConditionalAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entra-access:index:ConditionalAccess", name, {}, opts);
    const parent = { parent: this };
    const locationIds = mapValues(
      args.namedLocations,
      (location, key) =>
        new azuread.NamedLocation(
          `${name}-location-${key}`,
          {
            displayName: location.displayName ?? `${args.applicationName}: ${key}`,
            ...buildPlace(location),
          },
          parent,
        ).objectId,
    );
    for (const [key, policy] of Object.entries(args.policies)) {
      warnOfReportOnly(name, key, policy, args.now);
      new azuread.ConditionalAccessPolicy(
        `${name}-conditional-access-${key}`,
        {
          displayName: policy.displayName ?? `${args.applicationName}: ${key}`,
          state: STATES[policy.state],
          conditions: buildConditions(policy, args, locationIds),
          ...buildControls(policy),
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}

/** Creates the policies and locations, if there are any: a component without resources would only be a line in each output. */
export function createConditionalAccess(
  name: string,
  args: ConditionalAccessArgs,
  opts?: pulumi.ComponentResourceOptions,
): ConditionalAccess | undefined {
  const count = Object.keys({ ...args.policies, ...args.namedLocations }).length;
  return count === 0 ? undefined : new ConditionalAccess(name, args, opts);
}

const STATES = {
  enabled: "enabled",
  disabled: "disabled",
  reportOnly: "enabledForReportingButNotEnforced",
} as const;

function buildPlace({ ranges, trusted, countries, unknownCountries }: NamedLocationConfig) {
  // Set explicitly: after a refresh the provider takes the value it found for the default and misses drift.
  if (ranges) return { ip: { ipRanges: ranges, trusted: trusted ?? false } };
  return {
    country: {
      countriesAndRegions: countries ?? [],
      countryLookupMethod: "clientIpAddress",
      includeUnknownCountriesAndRegions: unknownCountries ?? false,
    },
  };
}

function buildConditions(
  policy: ConditionalAccessPolicyConfig,
  { clientId, emergencyAccounts }: ConditionalAccessArgs,
  locationIds: Readonly<Record<string, pulumi.Output<string>>>,
): azuread.types.input.ConditionalAccessPolicyConditions {
  const { includeGroups, excludeGroups, locations, signInRisk } = policy;
  const resolve = (names: readonly string[]) =>
    names.map((name) => EVERYWHERE[name] ?? getLocationId(locationIds, name));
  return {
    applications: { includedApplications: [clientId] },
    clientAppTypes: ["all"],
    users: {
      ...(includeGroups ? { includedGroups: includeGroups } : { includedUsers: ["All"] }),
      ...(excludeGroups && { excludedGroups: excludeGroups }),
      ...(emergencyAccounts && { excludedUsers: emergencyAccounts }),
    },
    ...(locations && {
      locations: {
        includedLocations: resolve(locations.include),
        ...(locations.exclude && { excludedLocations: resolve(locations.exclude) }),
      },
    }),
    ...(signInRisk && { signInRiskLevels: signInRisk }),
  };
}

/** Entra's words for the locations of every tenant. */
const EVERYWHERE: Readonly<Record<string, string>> = {
  [EVERY_LOCATION]: "All",
  [TRUSTED_LOCATIONS]: "AllTrusted",
};

function getLocationId(
  locationIds: Readonly<Record<string, pulumi.Output<string>>>,
  name: string,
): pulumi.Output<string> {
  const id = getOwn(locationIds, name);
  if (id === undefined) throw new pulumi.RunError(`named location "${name}" is not defined`);
  return id;
}

function buildControls(
  policy: ConditionalAccessPolicyConfig,
): Pick<azuread.ConditionalAccessPolicyArgs, "grantControls" | "sessionControls"> {
  const { block, require = [], authenticationStrength: strength, oneIsEnough, signInFrequency } = policy;
  const builtInControls = block ? ["block"] : require;
  const count = builtInControls.length + (strength === undefined ? 0 : 1);
  return {
    ...(count > 0 && {
      grantControls: {
        // With one requirement both mean the same, and policies that are made in the portal have "OR".
        operator: oneIsEnough || count === 1 ? "OR" : "AND",
        builtInControls,
        ...(strength !== undefined && { authenticationStrengthPolicyId: formatStrengthId(strength) }),
      },
    }),
    ...(signInFrequency !== undefined && { sessionControls: buildFrequency(signInFrequency) }),
  };
}

/** Returns the id in the form that the provider takes. */
function formatStrengthId(strength: string): string {
  const ids: Readonly<Record<string, string>> = AUTHENTICATION_STRENGTHS;
  return `/policies/authenticationStrengthPolicies/${getOwn(ids, strength) ?? strength.toLowerCase()}`;
}

function buildFrequency(frequency: string): azuread.types.input.ConditionalAccessPolicySessionControls {
  if (frequency === "everyTime") return { signInFrequencyInterval: "everyTime" };
  return {
    signInFrequency: Number.parseInt(frequency, 10),
    signInFrequencyInterval: "timeBased",
    signInFrequencyPeriod: frequency.endsWith("h") ? "hours" : "days",
  };
}

/** Warns when a policy has to leave report-only soon, or should have. */
function warnOfReportOnly(
  identityProvider: string,
  name: string,
  { decideBy }: ConditionalAccessPolicyConfig,
  now: Date,
): void {
  if (decideBy === undefined) return;
  const prefix = identityProvider === OWN_IDENTITY_PROVIDER ? "" : `${identityProvider}: `;
  const policy = `${prefix}policy "${name}" of Conditional Access`;
  const urgency = judgeDecision(decideBy, now);
  const advice = `Set conditionalAccess.policies.${name}.state to enabled or disabled, without decideBy.`;
  if (urgency === "late")
    void pulumi.log.warn(
      `${ACTION_NEEDED}${policy} should have left report-only by ${decideBy}, and protects nobody. ${advice}`,
    );
  else if (urgency === "soon")
    void pulumi.log.warn(`${policy} must leave report-only by ${decideBy}. ${advice}`);
}
