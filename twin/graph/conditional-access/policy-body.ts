import { z } from "zod";
import { type BodyRules, NOT_SERVED } from "../call";

/** Creates the schema of a list that the twin only serves when it is empty. */
const requireEmpty = (what: string) =>
  z.array(z.string()).refine((list) => list.length === 0, { error: `${NOT_SERVED}${what}` });

/** Creates the schema of a setting that the twin only serves when it is null. */
const requireNull = (what: string) =>
  z.unknown().refine((value) => value === null, { error: `${NOT_SERVED}${what}` });

const guid = z.guid().toLowerCase();
const odataType = z.string().optional();

const applications = z.strictObject({
  includeApplications: z.array(z.union([z.enum(["All", "None"]), guid])).default([]),
  excludeApplications: z.array(guid).default([]),
  includeUserActions: requireEmpty("user actions").default([]),
  includeAuthenticationContextClassReferences: z.array(z.string().regex(/^c[1-9]\d?$/)).default([]),
});

const users = z.strictObject({
  includeUsers: z.array(z.union([z.enum(["All", "None"]), guid])).default([]),
  excludeUsers: z.array(guid).default([]),
  includeGroups: z.array(guid).default([]),
  excludeGroups: z.array(guid).default([]),
  includeRoles: requireEmpty("directory roles").default([]),
  excludeRoles: requireEmpty("directory roles").default([]),
  includeGuestsOrExternalUsers: requireNull("kinds of guests").default(null),
  excludeGuestsOrExternalUsers: requireNull("kinds of guests").default(null),
});

const location = z.union([z.enum(["All", "AllTrusted"]), guid]);
const locations = z.strictObject({
  includeLocations: z.array(location).min(1),
  excludeLocations: z.array(location).default([]),
});

/** https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset */
const conditions = z.strictObject({
  applications,
  users,
  clientAppTypes: z
    .array(z.enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]))
    .min(1),
  authenticationFlows: requireNull("authentication flows").default(null),
  devices: requireNull("devices").default(null),
  locations: locations.nullable().default(null),
  platforms: requireNull("platforms").default(null),
  servicePrincipalRiskLevels: requireEmpty("risk levels").default([]),
  signInRiskLevels: z.array(z.enum(["low", "medium", "high", "none"])).default([]),
  userRiskLevels: requireEmpty("risk levels").default([]),
});

/** https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols */
const grantControls = z.strictObject({
  operator: z.enum(["AND", "OR"]),
  builtInControls: z
    .array(
      z.enum([
        "block",
        "mfa",
        "compliantDevice",
        "domainJoinedDevice",
        "approvedApplication",
        "compliantApplication",
        "passwordChange",
      ]),
    )
    .default([]),
  customAuthenticationFactors: requireEmpty("custom authentication factors").default([]),
  termsOfUse: requireEmpty("terms of use").default([]),
  authenticationStrength: z
    .strictObject({ "@odata.type": odataType, id: guid })
    .transform(({ id }) => ({ id }))
    .nullable()
    .default(null),
});

const isOff = (control: unknown) => (control as { isEnabled?: unknown } | null)?.isEnabled !== true;
const requireOff = (what: string) =>
  z
    .unknown()
    .refine(isOff, { error: `${NOT_SERVED}${what}` })
    .optional();

/** https://learn.microsoft.com/graph/api/resources/signinfrequencysessioncontrol */
const signInFrequency = z
  .strictObject({
    "@odata.type": odataType,
    isEnabled: z.literal(true),
    frequencyInterval: z.enum(["timeBased", "everyTime"]).default("timeBased"),
    authenticationType: z
      .literal("primaryAndSecondaryAuthentication", { error: `${NOT_SERVED}one factor alone` })
      .default("primaryAndSecondaryAuthentication"),
    type: z.enum(["hours", "days"]).nullable().default(null),
    value: z.int().positive().nullable().default(null),
  })
  .refine(
    ({ frequencyInterval, type, value }) =>
      [type, value].every((part) => (part === null) === (frequencyInterval === "everyTime")),
    "type and value must be set for timeBased, and null for everyTime",
  )
  .transform(({ "@odata.type": _type, ...frequency }) => frequency);

/** https://learn.microsoft.com/graph/api/resources/conditionalaccesssessioncontrols */
const sessionControls = z
  .strictObject({
    "@odata.type": odataType,
    applicationEnforcedRestrictions: requireOff("application enforced restrictions"),
    cloudAppSecurity: requireOff("Cloud App Security"),
    disableResilienceDefaults: z.literal(false, { error: `${NOT_SERVED}resilience defaults` }).nullish(),
    persistentBrowser: requireOff("persistent browser sessions"),
    secureSignInSession: requireOff("secure sign-in sessions"),
    signInFrequency,
  })
  .transform((controls) => ({ signInFrequency: controls.signInFrequency }));

/** https://learn.microsoft.com/graph/api/conditionalaccessroot-post-policies */
export const newPolicySchema = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.conditionalAccessPolicy").optional(),
  displayName: z.string().min(1).max(256),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
  conditions,
  grantControls: grantControls.nullable().default(null),
  sessionControls: sessionControls.nullable().default(null),
});

export type NewPolicy = z.infer<typeof newPolicySchema>;

export const conditionalAccessRules: BodyRules = {
  type: "ConditionalAccessPolicy",
  readOnly: ["id", "createdDateTime", "deletedDateTime", "modifiedDateTime", "templateId"],
  notServed: [
    ...["clientApplications", "insiderRiskLevels", "clients", "times", "deviceStates"].map(
      (name) => `conditions.${name}`,
    ),
    ...["applicationFilter", "networkAccess"].map((name) => `conditions.applications.${name}`),
  ],
};
