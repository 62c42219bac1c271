/** Settings of Conditional Access for one sign-in. Every setting is documented in docs/conditional-access.md. */
import type * as z from "zod";
import { countryField } from "../values/countries";
import {
  booleanField,
  displayNameField,
  GUID_PATTERN,
  groupField,
  guidField,
  listField,
  oneOfField,
  recordByName,
  textField,
} from "../values/fields";
import { ipRangeField } from "../values/ranges";

/** Locations that every tenant has: all, and those that are marked as trusted. */
export const EVERY_LOCATION = "all";
export const TRUSTED_LOCATIONS = "trusted";

/** The strengths that every tenant has, with their ids. */
export const AUTHENTICATION_STRENGTHS = {
  multifactor: "00000000-0000-0000-0000-000000000002",
  passwordless: "00000000-0000-0000-0000-000000000003",
  phishingResistant: "00000000-0000-0000-0000-000000000004",
} as const;

const dateField = textField(
  'a date such as "2027-03-31"',
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
).refine(
  (date) => new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true,
  "must be a day of the calendar",
);
const groupsField = () =>
  listField(guidField("the object id of an Entra group, a GUID"), "a list of object ids");
const locationsField = () =>
  listField(
    textField(`the name of a named location, "${EVERY_LOCATION}" or "${TRUSTED_LOCATIONS}"`),
    "a list of locations",
  );

const namedLocationSchema = groupField({
  displayName: displayNameField.optional().describe("the name in Entra. Default: `<application>: <name>`"),
  ranges: listField(ipRangeField, "a list of ranges")
    .optional()
    .describe("addresses and ranges of the internet"),
  trusted: booleanField()
    .optional()
    .describe("whether Entra trusts them; such a location counts as `trusted` in policies. Default: `false`"),
  countries: listField(
    countryField.refine((code) => !["T1", "XX"].includes(code), "must be a country, which Entra knows"),
    "a list of country codes",
  )
    .optional()
    .describe("countries, by codes of ISO 3166-1, instead of ranges"),
  unknownCountries: booleanField()
    .optional()
    .describe("whether addresses of no known country belong to it. Default: `false`"),
});

const policySchema = groupField({
  displayName: displayNameField.optional().describe("the name in Entra. Default: `<application>: <name>`"),
  state: oneOfField(["reportOnly", "enabled", "disabled"])
    .default("reportOnly")
    .describe("whether it is enforced; `reportOnly` only writes into the sign-in log what it would do"),
  decideBy: dateField
    .optional()
    .describe(
      "the last day of `reportOnly`, such as `2027-03-31`; required with it. A week before, previews warn; after it, the policy pack refuses",
    ),
  includeGroups: groupsField()
    .optional()
    .describe("object ids of the Entra groups that it applies to. Default: everybody"),
  excludeGroups: groupsField()
    .optional()
    .describe("object ids of Entra groups that it does not apply to. Default: none"),
  locations: groupField({
    include: locationsField()
      .default([EVERY_LOCATION])
      .describe("where it applies: names of `namedLocations`, `all`, or `trusted`"),
    exclude: locationsField().optional().describe("where it does not apply. Default: none"),
  }).optional(),
  signInRisk: listField(oneOfField(["low", "medium", "high"]), "a list of risks")
    .optional()
    .describe("the risks of a sign-in to which it applies; needs Entra ID P2. Default: any"),
  block: booleanField().default(false).describe("whether it refuses the sign-in"),
  require: listField(oneOfField(["mfa", "compliantDevice", "domainJoinedDevice"]), "a list of requirements")
    .optional()
    .describe("what a sign-in must have. Default: nothing"),
  authenticationStrength: textField(
    `one of ${Object.keys(AUTHENTICATION_STRENGTHS).join(", ")}, or the id of another, a GUID`,
    new RegExp(`^(${Object.keys(AUTHENTICATION_STRENGTHS).join("|")})$|${GUID_PATTERN.source}`, "i"),
  )
    .optional()
    .describe(
      "how the second factor must be: `multifactor`, `passwordless`, `phishingResistant`, or the id of a strength of the tenant. Default: any",
    ),
  oneIsEnough: booleanField()
    .default(false)
    .describe("whether one of the requirements is enough, instead of all"),
  signInFrequency: textField(
    'hours such as "8h" (1 to 23), days such as "7d" (1 to 365), or "everyTime"',
    /^(([1-9]|1\d|2[0-3])h|([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])d|everyTime)$/,
  )
    .optional()
    .describe("after what time people sign in again: `8h`, `7d` or `everyTime`. Default: the tenant's"),
});

export const conditionalAccessSchema = groupField({
  emergencyAccounts: listField(guidField("the object id of a user, a GUID"), "a list of object ids")
    .optional()
    .describe(
      "object ids of accounts that no policy of the stack applies to, so that somebody gets in when nobody can meet the policies. Default: none",
    ),
  namedLocations: recordByName(namedLocationSchema).describe(
    "places by name, which policies refer to: see [conditional-access.md](conditional-access.md). Default: none",
  ),
  policies: recordByName(policySchema).describe(
    "policies on the application by name: see [conditional-access.md](conditional-access.md). Default: none",
  ),
});

export type ConditionalAccessConfig = z.output<typeof conditionalAccessSchema>;
export type ConditionalAccessPolicyConfig = ConditionalAccessConfig["policies"][string];
export type NamedLocationConfig = ConditionalAccessConfig["namedLocations"][string];
