import { z } from "zod";
import { type BodyRules, NOT_JUDGED } from "../call";

/** A list that Graph takes things in and of which the twin judges the empty one alone. */
const none = (what: string) =>
  z.array(z.string()).refine((list) => list.length === 0, { error: `${NOT_JUDGED}${what}` });

/** A setting of which the twin judges null alone. */
const unset = (what: string) =>
  z.unknown().refine((value) => value === null, { error: `${NOT_JUDGED}${what}` });

const guid = z.guid().toLowerCase();

const applications = z.strictObject({
  includeApplications: z.array(z.union([z.enum(["All", "None"]), guid])).default([]),
  excludeApplications: z.array(guid).default([]),
  includeUserActions: none("user actions").default([]),
});

const users = z.strictObject({
  includeUsers: z.array(z.union([z.enum(["All", "None"]), guid])).default([]),
  excludeUsers: z.array(guid).default([]),
  includeGroups: z.array(guid).default([]),
  excludeGroups: z.array(guid).default([]),
  includeRoles: none("directory roles").default([]),
  excludeRoles: none("directory roles").default([]),
  includeGuestsOrExternalUsers: unset("kinds of guests").default(null),
  excludeGuestsOrExternalUsers: unset("kinds of guests").default(null),
});

/** https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset */
const conditions = z.strictObject({
  applications,
  users,
  clientAppTypes: z
    .array(z.enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]))
    .min(1),
  authenticationFlows: unset("authentication flows").default(null),
  devices: unset("devices").default(null),
  locations: unset("locations").default(null),
  platforms: unset("platforms").default(null),
  servicePrincipalRiskLevels: none("risk levels").default([]),
  signInRiskLevels: none("risk levels").default([]),
  userRiskLevels: none("risk levels").default([]),
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
  customAuthenticationFactors: none("custom authentication factors").default([]),
  termsOfUse: none("terms of use").default([]),
});

/** https://learn.microsoft.com/graph/api/conditionalaccessroot-post-policies */
export const newPolicy = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.conditionalAccessPolicy").optional(),
  displayName: z.string().min(1).max(256),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
  conditions,
  grantControls,
  sessionControls: unset("session controls").default(null),
});

export type NewPolicy = z.infer<typeof newPolicy>;

export const policyRules: BodyRules = {
  type: "ConditionalAccessPolicy",
  readOnly: ["id", "createdDateTime", "deletedDateTime", "modifiedDateTime", "templateId"],
  notJudged: [
    "grantControls.authenticationStrength",
    ...["clientApplications", "insiderRiskLevels", "clients", "times", "deviceStates"].map(
      (name) => `conditions.${name}`,
    ),
    ...["includeAuthenticationContextClassReferences", "applicationFilter", "networkAccess"].map(
      (name) => `conditions.applications.${name}`,
    ),
  ],
};
