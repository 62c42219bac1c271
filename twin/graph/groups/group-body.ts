import { z } from "zod";
import { type BodyRules, NOT_SERVED } from "../call";

/** Restricts a schema to the values that the twin serves, although Graph accepts others. */
function requireValue<T>(schema: z.ZodType<T>, isServed: (value: T) => boolean, what: string): z.ZodType<T> {
  return schema.refine(isServed, { error: `${NOT_SERVED}${what}` });
}

const isEmpty = (list: string[]) => list.length === 0;

const properties = {
  "@odata.type": z.literal("#microsoft.graph.group"),
  description: z.string().min(1).max(1024).nullable(),
  displayName: z.string().min(1).max(256),
  groupTypes: requireValue(z.array(z.string()), isEmpty, "Microsoft 365 groups and dynamic membership"),
  mailEnabled: requireValue(z.boolean(), (mail) => !mail, "groups with a mailbox"),
  mailNickname: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[!#-'*-+\--9=?A-Z^-~\\/]*$/, "must not contain characters that are invalid in a mail nickname"),
  membershipRule: requireValue(z.string().nullable(), (rule) => rule === null, "dynamic membership"),
  resourceBehaviorOptions: requireValue(z.array(z.string()), isEmpty, "options of Microsoft 365 groups"),
  resourceProvisioningOptions: requireValue(z.array(z.string()), isEmpty, "options of Microsoft 365 groups"),
  securityEnabled: requireValue(z.boolean(), (security) => security, "groups that are not security groups"),
};

const references = z.array(z.string()).max(20);

/** https://learn.microsoft.com/graph/api/group-post-groups */
export const newGroupSchema = z
  .strictObject({
    ...properties,
    isAssignableToRole: requireValue(z.boolean(), (assignable) => !assignable, "groups for directory roles"),
    "members@odata.bind": references,
    "owners@odata.bind": references,
  })
  .partial()
  .required({ displayName: true, mailEnabled: true, mailNickname: true, securityEnabled: true });

/** https://learn.microsoft.com/graph/api/group-update */
export const groupChangeSchema = z.strictObject(properties).partial();

export type GroupChange = z.infer<typeof groupChangeSchema>;

export const groupBodyRules: BodyRules = {
  type: "Group",
  readOnly: [
    "id",
    "createdDateTime",
    "deletedDateTime",
    "expirationDateTime",
    "mail",
    "proxyAddresses",
    "renewedDateTime",
    "securityIdentifier",
    "onPremisesDomainName",
    "onPremisesLastSyncDateTime",
    "onPremisesNetBiosName",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "onPremisesProvisioningErrors",
    "serviceProvisioningErrors",
  ],
  notServed: [
    "classification",
    "isAssignableToRole",
    "members@odata.bind",
    "owners@odata.bind",
    "preferredLanguage",
    "membershipRuleProcessingState",
    "preferredDataLocation",
    "theme",
    "uniqueName",
    "visibility",
    "creationOptions",
    "writebackConfiguration",
  ],
};
