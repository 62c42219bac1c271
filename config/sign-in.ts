/**
 * Settings of the sign-in to one tenant. A default that the schema does not have is at the end of a description, after
 * "Default:".
 */
import * as z from "zod";
import { conditionalAccessSchema } from "./conditional-access/schema";
import { isPermission, permissionProfiles, suggestPermission } from "./graph-permissions";
import {
  alwaysChecked,
  booleanField,
  displayNameField,
  groupField,
  guidField,
  listField,
  oneOfField,
  proseField,
  textField,
  wholeNumberField,
} from "./values/fields";

/** Entra's portal offers at most 24 months; an older secret is likely to be forgotten. */
const LONGEST_LIFETIME_DAYS = 730;
/** A higher rotation number is probably a date by mistake. */
const HIGHEST_ROTATION = 1_000_000;

const permissionField = z.string("must be the name of a permission").superRefine((name, context) => {
  if (isPermission(name)) return;
  const params = { advice: `Did you mean "${suggestPermission(name)}"?` };
  context.addIssue({ code: "custom", message: "must be a delegated Microsoft Graph permission", params });
});

/** The sign-in to the stack's own tenant. */
export const signInFields = {
  application: groupField({
    displayName: displayNameField
      .optional()
      .describe(
        "1 to 120 characters; a second application of the same name in the tenant is refused. Default: `Cloudflare Access (<teamName>)`",
      ),
    owners: listField(guidField("an object id, a GUID"), "a list of object ids")
      .optional()
      .describe(
        "object ids of all owners of the application and the service principal. Keep the deployer among them, and give it Directory.Read.All to add an owner later. Default: the deployer",
      ),
    // https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
    emailClaim: booleanField()
      .default(false)
      .describe(
        "whether id tokens carry `email` in any case. Otherwise Entra adds it for guests, and for others where Cloudflare asks for the scope `email`; without it, Cloudflare takes the user principal name as the address",
      ),
    uniqueSuffix: booleanField()
      .default(false)
      .describe(
        "whether the display name ends with six random letters and digits, for stacks that share a name in one tenant",
      ),
    homepageUrl: textField(
      "an address of at most 256 characters that begins with http:// or https://",
      /^(?=.{1,256}$)https?:\/\/\S+$/,
    )
      .optional()
      .describe(
        "the home page in Entra and My Apps, an address that begins with `http://` or `https://`, at most 256 characters. Default: stays as it is",
      ),
    notes: textField("a text of 1 to 1024 characters", /^(?=[\s\S]*\S)[\s\S]{1,1024}$/)
      .optional()
      .describe("notes for administrators, at most 1024 characters. Default: they stay as they are"),
    serviceManagementReference: proseField(256)
      .optional()
      .describe(
        "the id of the application in a service or asset management database. Default: stays as it is",
      ),
    tags: listField(
      textField(
        'a tag of at most 256 characters that does not begin with "entra-access:", which marks stacks',
        /^(?!entra-access:)(?=.{1,256}$)\S(.*\S)?$/,
      ),
      "a list of tags",
    )
      .optional()
      .describe(
        'tags that the application must have, e.g. `["AZ-4711"]`; one that is removed from the list stays in Entra. Default: none',
      ),
    hidden: booleanField()
      .optional()
      .describe('whether My Apps hides the application ("Visible to users: No"). Default: stays as it is'),
    appRoleId: guidField("the id of an app role, a GUID")
      .optional()
      .describe(
        "with `access.assignedOnly`, a role that the application has already, which groups are assigned with; `00000000-0000-0000-0000-000000000000` is default access, the role of applications without roles. Default: the stack creates a role",
      ),
  }).prefault({}),
  permissions: groupField({
    profile: oneOfField(Object.keys(permissionProfiles) as ["tutorial", "cloudflare-current"])
      .optional()
      .describe(
        "delegated Microsoft Graph permissions; `cloudflare-current` has GroupMember.Read.All instead of Group.Read.All. Default: `tutorial`",
      ),
    names: listField(permissionField, "a list of permission names")
      .optional()
      .describe("a list of delegated Microsoft Graph permissions, instead of a profile"),
  })
    .refine(...notBoth("profile", "names"))
    .prefault({}),
  credential: groupField({
    description: proseField(90)
      .default("cloudflare-access")
      .describe(
        "the end of a client secret's name in Entra's portal, after `entra-access:<project>/<stack>#<number>`",
      ),
    periodDays: wholeNumberField(LONGEST_LIFETIME_DAYS)
      .default(90)
      .describe("rotation period: days from one rotation of the client secret to the next"),
    graceDays: wholeNumberField(LONGEST_LIFETIME_DAYS)
      .default(30)
      .describe(
        "overlap: days for which a client secret keeps working after the next one is due; less than the period",
      ),
    longestDays: wholeNumberField(LONGEST_LIFETIME_DAYS)
      .default(180)
      .describe(
        "the longest life of a client secret that the tenant allows, 1 to 730 days. Period and overlap together must not exceed it",
      ),
    phaseHours: wholeNumberField(LONGEST_LIFETIME_DAYS * 24)
      .optional()
      .describe(
        "hours by which this stack's rotations are shifted within the period, so that a fleet does not rotate at once. Default: derived from stack and tenant",
      ),
    alertDays: wholeNumberField(LONGEST_LIFETIME_DAYS)
      .default(14)
      .describe("days before the deployed secret expires from which a warning says so"),
    rotation: wholeNumberField(HIGHEST_ROTATION)
      .default(1)
      .describe(
        "the lowest number that the client secret may have: raised above the output `rotation.number`, it makes the next `up` rotate (`npx entra-access rotate` raises it)",
      ),
    force: wholeNumberField(HIGHEST_ROTATION)
      .optional()
      .describe(
        "allows the rotation to this number although the secret before the deployed one still has its overlap",
      ),
    compromised: wholeNumberField(HIGHEST_ROTATION)
      .optional()
      .describe(
        "client secrets up to this number get no overlap. If the deployed one is among them, the next `up` replaces it",
      ),
  })
    .refine(
      ...lifetimeRule(
        "must have graceDays (30 unless set) shorter than periodDays (90 unless set)",
        (period, grace) => grace < period,
      ),
    )
    .refine(
      ...lifetimeRule(
        "must have periodDays and graceDays together at most longestDays (180 unless set)",
        (period, grace, longest) => period + grace <= longest,
      ),
    )
    .prefault({}),
  identityProvider: groupField({
    displayName: displayNameField
      .optional()
      .describe("the name that people see on the login page. Default: `Entra ID`"),
    prompt: oneOfField(["login", "select_account", "none"])
      .optional()
      .describe(
        "what Entra asks at sign-in; with `none` it refuses whoever is not signed in at Microsoft already. Default: Entra decides",
      ),
    claims: listField(textField("the name of a claim"), "a list of claim names")
      .optional()
      .describe('claims of the id token to pass on, e.g. `["oid"]`. Default: none'),
    emailClaimName: textField("the name of a claim")
      .optional()
      .describe(
        "the claim that holds the email address, e.g. `preferred_username`. An optional claim of Entra (`upn`) is added to the id tokens; one that the tenant maps itself must be set up there, or Cloudflare takes another. Default: `email`, then the user principal name",
      ),
    supportGroups: booleanField()
      .default(true)
      .describe(
        "whether Cloudflare loads people's groups from Entra. If off, rules about groups admit nobody",
      ),
    pkceEnabled: booleanField().default(true).describe("whether Cloudflare uses PKCE"),
    conditionalAccessEnabled: booleanField()
      .default(false)
      .describe(
        "whether Cloudflare loads Entra's authentication contexts, for which the application gets the application permission Policy.Read.ConditionalAccess with its consent",
      ),
    scim: groupField({
      enabled: booleanField().default(false).describe("whether Cloudflare accepts SCIM requests"),
      userDeprovision: booleanField()
        .default(false)
        .describe("whether a person's sessions end when Entra deprovisions them"),
      seatDeprovision: booleanField()
        .default(false)
        .describe("whether their seat is removed too; needs `userDeprovision`"),
      identityUpdateBehavior: oneOfField(["automatic", "reauth", "no_action"])
        .default("no_action")
        .describe(
          "what an update by SCIM does: it changes the identity that Gateway sees, ends the sessions of people whose groups change, or does nothing ([provisioning](provisioning.md))",
        ),
      provisioning: oneOfField(["managed", "byHand"])
        .default("byHand")
        .describe(
          "who connects Entra with Cloudflare: the stack creates the application that sends people (`managed`, with `enabled`), or a person does it with the output `scim`",
        ),
    })
      .refine(
        (scim) => !scim.seatDeprovision || scim.userDeprovision,
        alwaysChecked("must have userDeprovision with seatDeprovision"),
      )
      .refine(
        (scim) => scim.provisioning !== "managed" || scim.enabled,
        alwaysChecked("must have enabled with provisioning managed"),
      )
      .prefault({}),
  }).prefault({}),
  conditionalAccess: conditionalAccessSchema.prefault({}),
};

const { application, permissions, credential, identityProvider, conditionalAccess } = signInFields;

const OWNED = "for an owned Entra tenant, as in [config.md](config.md) for the stack's own";

/** The sign-in to another tenant. It has no defaults, so that a setting that does not apply can be refused. */
export const optionalSignInFields = {
  assignedOnly: booleanField()
    .optional()
    .describe(`whether only people who are assigned can sign in; ${OWNED}`),
  application: application.unwrap().optional().describe(OWNED),
  permissions: permissions.unwrap().optional().describe(OWNED),
  credential: credential.unwrap().optional().describe(OWNED),
  identityProvider: identityProvider
    .unwrap()
    .omit({ displayName: true })
    .optional()
    .describe(`${OWNED}, without \`displayName\``),
  conditionalAccess: conditionalAccess.unwrap().optional().describe(OWNED),
};
export const OPTIONAL_SIGN_IN_SETTINGS = Object.keys(
  optionalSignInFields,
) as (keyof typeof optionalSignInFields)[];

function notBoth(one: string, other: string) {
  const holds = (group: Record<string, unknown>) => group[one] === undefined || group[other] === undefined;
  return [holds, alwaysChecked(`must have either ${one} or ${other}, not both`)] as const;
}

/** Builds a rule over the lifetime settings with their defaults; it does not apply where one is no number. */
function lifetimeRule(message: string, holds: (period: number, grace: number, longest: number) => boolean) {
  const test = ({ periodDays = 90, graceDays = 30, longestDays = 180 }: Record<string, unknown>) =>
    [periodDays, graceDays, longestDays].some((days) => typeof days !== "number") ||
    holds(Number(periodDays), Number(graceDays), Number(longestDays));
  return [test, alwaysChecked(message)] as const;
}
