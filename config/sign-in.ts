/** Settings of the sign-in to one tenant. Every setting is documented in docs/config.md. */
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
    displayName: displayNameField.optional(),
    owners: listField(guidField("an object id, a GUID"), "a list of object ids").optional(),
    emailClaim: booleanField().default(false),
    uniqueSuffix: booleanField().default(false),
    homepageUrl: textField(
      "an address of at most 256 characters that begins with http:// or https://",
      /^(?=.{1,256}$)https?:\/\/\S+$/,
    ).optional(),
    notes: textField("a text of 1 to 1024 characters", /^(?=[\s\S]*\S)[\s\S]{1,1024}$/).optional(),
    serviceManagementReference: proseField(256).optional(),
    tags: listField(
      textField(
        'a tag of at most 256 characters that does not begin with "entra-access:", which marks stacks',
        /^(?!entra-access:)(?=.{1,256}$)\S(.*\S)?$/,
      ),
      "a list of tags",
    ).optional(),
    hidden: booleanField().optional(),
    appRoleId: guidField("the id of an app role, a GUID").optional(),
  }).prefault({}),
  permissions: groupField({
    profile: oneOfField(Object.keys(permissionProfiles) as ["tutorial", "cloudflare-current"]).optional(),
    names: listField(permissionField, "a list of permission names").optional(),
  })
    .refine(...notBoth("profile", "names"))
    .prefault({}),
  credential: groupField({
    description: proseField(90).default("cloudflare-access"),
    periodDays: wholeNumberField(LONGEST_LIFETIME_DAYS).default(90),
    graceDays: wholeNumberField(LONGEST_LIFETIME_DAYS).default(30),
    longestDays: wholeNumberField(LONGEST_LIFETIME_DAYS).default(180),
    phaseHours: wholeNumberField(LONGEST_LIFETIME_DAYS * 24).optional(),
    alertDays: wholeNumberField(LONGEST_LIFETIME_DAYS).default(14),
    rotation: wholeNumberField(HIGHEST_ROTATION).default(1),
    force: wholeNumberField(HIGHEST_ROTATION).optional(),
    compromised: wholeNumberField(HIGHEST_ROTATION).optional(),
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
    displayName: displayNameField.optional(),
    prompt: oneOfField(["login", "select_account", "none"]).optional(),
    claims: listField(textField("the name of a claim"), "a list of claim names").optional(),
    emailClaimName: textField("the name of a claim").optional(),
    supportGroups: booleanField().default(true),
    pkceEnabled: booleanField().default(true),
    conditionalAccessEnabled: booleanField().default(false),
    scim: groupField({
      enabled: booleanField().default(false),
      userDeprovision: booleanField().default(false),
      seatDeprovision: booleanField().default(false),
      identityUpdateBehavior: oneOfField(["automatic", "reauth", "no_action"]).default("no_action"),
    })
      .refine(
        (scim) => !scim.seatDeprovision || scim.userDeprovision,
        alwaysChecked("must have userDeprovision with seatDeprovision"),
      )
      .prefault({}),
  }).prefault({}),
  conditionalAccess: conditionalAccessSchema.prefault({}),
};

const { application, permissions, credential, identityProvider, conditionalAccess } = signInFields;

/** The sign-in to another tenant. It has no defaults, so that a setting that does not apply can be refused. */
export const optionalSignInFields = {
  assignedOnly: booleanField().optional(),
  application: application.unwrap().optional(),
  permissions: permissions.unwrap().optional(),
  credential: credential.unwrap().optional(),
  identityProvider: identityProvider.unwrap().omit({ displayName: true }).optional(),
  conditionalAccess: conditionalAccess.unwrap().optional(),
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
