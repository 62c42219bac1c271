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
  displayName: displayNameField.optional(),
  ranges: listField(ipRangeField, "a list of ranges").optional(),
  trusted: booleanField().optional(),
  countries: listField(
    countryField.refine((code) => !["T1", "XX"].includes(code), "must be a country, which Entra knows"),
    "a list of country codes",
  ).optional(),
  unknownCountries: booleanField().optional(),
});

const policySchema = groupField({
  displayName: displayNameField.optional(),
  state: oneOfField(["reportOnly", "enabled", "disabled"]).default("reportOnly"),
  decideBy: dateField.optional(),
  includeGroups: groupsField().optional(),
  excludeGroups: groupsField().optional(),
  locations: groupField({
    include: locationsField().default([EVERY_LOCATION]),
    exclude: locationsField().optional(),
  }).optional(),
  signInRisk: listField(oneOfField(["low", "medium", "high"]), "a list of risks").optional(),
  block: booleanField().default(false),
  require: listField(
    oneOfField(["mfa", "compliantDevice", "domainJoinedDevice"]),
    "a list of requirements",
  ).optional(),
  authenticationStrength: textField(
    `one of ${Object.keys(AUTHENTICATION_STRENGTHS).join(", ")}, or the id of another, a GUID`,
    new RegExp(`^(${Object.keys(AUTHENTICATION_STRENGTHS).join("|")})$|${GUID_PATTERN.source}`, "i"),
  ).optional(),
  oneIsEnough: booleanField().default(false),
  signInFrequency: textField(
    'hours such as "8h" (1 to 23), days such as "7d" (1 to 365), or "everyTime"',
    /^(([1-9]|1\d|2[0-3])h|([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])d|everyTime)$/,
  ).optional(),
});

export const conditionalAccessSchema = groupField({
  emergencyAccounts: listField(
    guidField("the object id of a user, a GUID"),
    "a list of object ids",
  ).optional(),
  namedLocations: recordByName(namedLocationSchema),
  policies: recordByName(policySchema),
});

export type ConditionalAccessConfig = z.output<typeof conditionalAccessSchema>;
export type ConditionalAccessPolicyConfig = ConditionalAccessConfig["policies"][string];
export type NamedLocationConfig = ConditionalAccessConfig["namedLocations"][string];
