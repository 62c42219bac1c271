import { z } from "zod";
import { type BodyRules, NOT_JUDGED } from "../call";

/** A value that Graph takes and the twin does not judge, unless it is the plain one. */
function only<T>(schema: z.ZodType<T>, plain: (value: T) => boolean, what: string): z.ZodType<T> {
  return schema.refine(plain, { error: `${NOT_JUDGED}${what}` });
}

const empty = (list: string[]) => list.length === 0;

const properties = {
  "@odata.type": z.literal("#microsoft.graph.group"),
  description: z.string().min(1).max(1024).nullable(),
  displayName: z.string().min(1).max(256),
  groupTypes: only(z.array(z.string()), empty, "Microsoft 365 groups and dynamic membership"),
  mailEnabled: only(z.boolean(), (mail) => !mail, "groups with a mailbox"),
  mailNickname: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[!#-'*-+\--9=?A-Z^-~\\/]*$/, "has characters that a mail nickname must not have"),
  membershipRule: only(z.string().nullable(), (rule) => rule === null, "dynamic membership"),
  resourceBehaviorOptions: only(z.array(z.string()), empty, "options of Microsoft 365 groups"),
  resourceProvisioningOptions: only(z.array(z.string()), empty, "options of Microsoft 365 groups"),
  securityEnabled: only(z.boolean(), (security) => security, "groups that are no security group"),
};

const references = z.array(z.string()).max(20);

/** https://learn.microsoft.com/graph/api/group-post-groups */
export const newGroup = z
  .strictObject({
    ...properties,
    isAssignableToRole: only(z.boolean(), (assignable) => !assignable, "groups for directory roles"),
    "members@odata.bind": references,
    "owners@odata.bind": references,
  })
  .partial()
  .required({ displayName: true, mailEnabled: true, mailNickname: true, securityEnabled: true });

/** https://learn.microsoft.com/graph/api/group-update */
export const groupChange = z.strictObject(properties).partial();

export type GroupChange = z.infer<typeof groupChange>;

export const groupRules: BodyRules = {
  type: "Group",
  readOnly: [
    ...["id", "createdDateTime", "deletedDateTime", "expirationDateTime", "mail", "proxyAddresses"],
    ...["renewedDateTime", "securityIdentifier", "onPremisesDomainName", "onPremisesLastSyncDateTime"],
    ...["onPremisesNetBiosName", "onPremisesSamAccountName", "onPremisesSecurityIdentifier"],
    ...["onPremisesSyncEnabled", "onPremisesProvisioningErrors", "serviceProvisioningErrors"],
  ],
  notJudged: [
    ...[
      "classification",
      "isAssignableToRole",
      "members@odata.bind",
      "owners@odata.bind",
      "preferredLanguage",
    ],
    ...["membershipRuleProcessingState", "preferredDataLocation", "theme", "uniqueName", "visibility"],
    ...["creationOptions", "writebackConfiguration"],
  ],
};
