/** Schema of the settings in `access`, the access rules. Every setting is documented in docs/access.md. */
import * as z from "zod";
import { optionalSignInFields } from "../sign-in";
import { ENVIRONMENTS } from "../target";
import { countryField } from "../values/countries";
import {
  booleanField,
  displayNameField,
  GUID_PATTERN,
  groupField,
  guidField,
  listField,
  nameField,
  oneOfField,
  proseField,
  recordByName,
  sessionDurationField,
  setField,
  textField,
  wholeNumberField,
} from "../values/fields";
import { applicationHostField, emailDomainField, emailField, originField } from "../values/hosts";
import { ipRangeField } from "../values/ranges";
import {
  deviceEnrolmentSchema,
  privateDestinationsSchema,
  privateHostnameSchema,
  privateRangeSchema,
  virtualNetworkSchema,
} from "./private-networks-schema";

/** A display name or an object id of an Entra group; Entra writes ids in lower case. */
const entraGroupField = proseField(256).overwrite((text) =>
  GUID_PATTERN.test(text) ? text.toLowerCase() : text,
);

const rules = {
  entraGroups: listField(entraGroupField, "a list of Entra groups").optional(),
  emails: listField(emailField, "a list of email addresses").optional(),
  emailDomains: listField(emailDomainField, "a list of domains").optional(),
  countries: listField(countryField, "a list of country codes").optional(),
  ipRanges: listField(ipRangeField, "a list of ranges").optional(),
  serviceTokens: listField(
    guidField("the id of a service token, a GUID"),
    "a list of service tokens",
  ).optional(),
  groups: listField(nameField("a group"), "a list of groups").optional(),
};
const hasRules = (given: object) => Object.keys(given).length > 0;

const groupSchema = groupField({
  displayName: displayNameField.optional(),
  identityProvider: nameField("an identity provider").default("entra"),
  include: groupField(rules).refine(hasRules, "must have at least one rule: without any, nobody matches"),
  require: groupField(rules).optional(),
  exclude: groupField(rules).optional(),
});

const policySchema = groupField({
  displayName: displayNameField.optional(),
  decision: oneOfField(["allow", "deny", "bypass", "service_auth"]).default("allow"),
  include: setField(nameField("a group"), "a list of groups").default([]),
  require: setField(nameField("a group"), "a list of groups").default([]),
  exclude: setField(nameField("a group"), "a list of groups").default([]),
  everyone: booleanField().default(false),
  acknowledge: setField(oneOfField(["bypass", "everyone"]), 'a list of "bypass" and "everyone"').default([]),
  sessionDuration: sessionDurationField.optional(),
  mfa: booleanField().default(false),
  authenticationContext: groupField({
    id: textField("the id that Cloudflare gives the authentication context"),
    acId: textField('the number in Entra, "c1" to "c99"', /^c[1-9]\d?$/),
  }).optional(),
  justification: proseField(200).optional(),
  approval: groupField({
    approvers: listField(emailField, "a list of email addresses"),
    needed: wholeNumberField(20).default(1),
  }).optional(),
});

const allOr = <T extends z.ZodType>(item: T, items: string) =>
  z.union([z.literal("all"), listField(item, `a list of ${items}`)], `must be "all" or a list of ${items}`);

const applicationSchema = groupField({
  displayName: displayNameField.optional(),
  hostnames: listField(applicationHostField, "a list of host names").default([]),
  destinations: privateDestinationsSchema.optional(),
  policies: setField(nameField("a policy"), "a list of policies").default([]),
  acknowledge: setField(oneOfField(["unprotectedRest"]), 'a list of "unprotectedRest"').default([]),
  redirect: booleanField().optional(),
  sessionDuration: sessionDurationField.optional(),
  cookie: groupField({
    sameSite: oneOfField(["strict", "lax", "none"]).optional(),
    httpOnly: booleanField().optional(),
    binding: booleanField().optional(),
    path: booleanField().optional(),
  }).optional(),
  cors: groupField({
    origins: allOr(originField, "origins"),
    methods: allOr(
      oneOfField(["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]),
      "methods",
    ),
    headers: allOr(textField("the name of a header", /^[\w!#$%&'+.^`|~-]+$/), "headers").optional(),
    credentials: booleanField().default(false),
    maxAge: wholeNumberField(86_400).optional(),
  }).optional(),
  launcher: booleanField().default(true),
  logoUrl: textField("an address that begins with https://", /^https:\/\/\S+$/).optional(),
  tags: listField(proseField(120), "a list of tags").optional(),
});

const identityProviderSchema = groupField({
  id: textField("the id of an Access identity provider").optional(),
  owned: booleanField().default(false),
  displayName: displayNameField.optional(),
  oneTimePin: booleanField().default(false),
  tenantId: guidField("the directory (tenant) id of its people and groups, a GUID").optional(),
  environment: oneOfField(ENVIRONMENTS).default("public"),
  clientId: guidField("the application (client) id that signs in there, a GUID").optional(),
  clientSecret: textField("a client secret").optional(),
  ...optionalSignInFields,
});

const ownedEntraGroupSchema = groupField({
  displayName: proseField(256),
  description: proseField(1024).optional(),
  members: listField(guidField("an object id, a GUID"), "a list of object ids").optional(),
});

/** Schema of `access` without the checks that compare settings with each other. */
export const accessFields = groupField({
  assignedOnly: booleanField().default(false),
  identityProviders: recordByName(identityProviderSchema),
  ownedEntraGroups: recordByName(ownedEntraGroupSchema),
  groups: recordByName(groupSchema),
  policies: recordByName(policySchema),
  virtualNetworks: recordByName(virtualNetworkSchema),
  privateRanges: recordByName(privateRangeSchema),
  privateHostnames: recordByName(privateHostnameSchema),
  applications: recordByName(applicationSchema),
  deviceEnrolment: deviceEnrolmentSchema.optional(),
});

/** The settings in `access` with defaults filled in. */
export type AccessConfig = z.output<typeof accessFields>;
