import { z } from "zod";
import { type BodyRules, NOT_SERVED } from "../call";

/** Creates the schema of a list that the twin only serves when it is empty. */
const requireEmpty = (what: string) =>
  z.array(z.string()).refine((list) => list.length === 0, { error: `${NOT_SERVED}${what}` });

/** Creates the schema of a setting that the twin only serves when it is null. */
const requireNull = (what: string) =>
  z.unknown().refine((value) => value === null, { error: `${NOT_SERVED}${what}` });

const guid = z.guid().toLowerCase();

const applications = z.strictObject({
  includeApplications: z.array(z.union([z.enum(["All", "None"]), guid])).default([]),
  excludeApplications: z.array(guid).default([]),
  includeUserActions: requireEmpty("user actions").default([]),
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

/** https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset */
const conditions = z.strictObject({
  applications,
  users,
  clientAppTypes: z
    .array(z.enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]))
    .min(1),
  authenticationFlows: requireNull("authentication flows").default(null),
  devices: requireNull("devices").default(null),
  locations: requireNull("locations").default(null),
  platforms: requireNull("platforms").default(null),
  servicePrincipalRiskLevels: requireEmpty("risk levels").default([]),
  signInRiskLevels: requireEmpty("risk levels").default([]),
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
    .min(1),
  customAuthenticationFactors: requireEmpty("custom authentication factors").default([]),
  termsOfUse: requireEmpty("terms of use").default([]),
});

/** https://learn.microsoft.com/graph/api/conditionalaccessroot-post-policies */
export const newPolicySchema = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.conditionalAccessPolicy").optional(),
  displayName: z.string().min(1).max(256),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
  conditions,
  grantControls,
  sessionControls: requireNull("session controls").default(null),
});

export type NewPolicy = z.infer<typeof newPolicySchema>;

export const conditionalAccessRules: BodyRules = {
  type: "ConditionalAccessPolicy",
  readOnly: ["id", "createdDateTime", "deletedDateTime", "modifiedDateTime", "templateId"],
  notServed: [
    "grantControls.authenticationStrength",
    ...["clientApplications", "insiderRiskLevels", "clients", "times", "deviceStates"].map(
      (name) => `conditions.${name}`,
    ),
    ...["includeAuthenticationContextClassReferences", "applicationFilter", "networkAccess"].map(
      (name) => `conditions.applications.${name}`,
    ),
  ],
};
