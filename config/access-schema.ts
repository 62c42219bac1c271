/** Schema of the settings in `access`, the access rules. Every setting is documented in docs/access.md. */
import * as z from "zod";
import {
  booleanField,
  displayNameField,
  durationField,
  GUID_PATTERN,
  groupField,
  listField,
  NAME_PATTERN,
  nameField,
  oneOfField,
  textField,
  wholeNumberField,
} from "./fields";
import {
  deviceEnrolmentSchema,
  privateDestinationsSchema,
  privateHostnameSchema,
  privateRangeSchema,
  virtualNetworkSchema,
} from "./private-networks-schema";
import { optionalSignInFields } from "./sign-in";
import { ENVIRONMENTS } from "./target";

const invalidName =
  "must have a name of at most 40 letters, digits and hyphens that begins with a lowercase letter";
const recordByName = <T extends z.ZodType>(value: T) =>
  z
    .record(z.string().regex(NAME_PATTERN, invalidName), value, {
      error: ({ code }) => (code === "invalid_key" ? invalidName : "must be settings by name"),
    })
    .default({});

const email = textField("an email address", /^[^@\s]+@[^@\s]+\.[^@\s]+$/);
const host = String.raw`(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}`;
const path = String.raw`(/[^\s/?#*]+)*(/\*)?`;
const origin = textField('an origin such as "https://app.contoso.example"', /^https:\/\/[^/\s*]+$/);

const rules = {
  entraGroups: listField(textField("a display name or an object id"), "a list of Entra groups").optional(),
  emails: listField(email, "a list of email addresses").optional(),
  emailDomains: listField(
    textField('a domain such as "contoso.example"', /^[^@\s]+\.[^@\s]+$/),
    "a list of domains",
  ).optional(),
  countries: listField(
    textField("a country code of two capital letters", /^[A-Z]{2}$/),
    "a list of country codes",
  ).optional(),
  ipRanges: listField(
    textField('an address or a range such as "198.51.100.0/24"', /^[0-9a-fA-F.:]+(\/\d{1,3})?$/),
    "a list of ranges",
  ).optional(),
  serviceTokens: listField(
    textField("the id of a service token, a GUID", GUID_PATTERN),
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
  include: z.array(nameField("a group"), "must be a list of groups").default([]),
  require: z.array(nameField("a group"), "must be a list of groups").default([]),
  exclude: z.array(nameField("a group"), "must be a list of groups").default([]),
  everyone: booleanField().default(false),
  acknowledge: z
    .array(oneOfField(["bypass", "everyone"]), 'must be a list of "bypass" and "everyone"')
    .default([]),
  sessionDuration: durationField.optional(),
  mfa: booleanField().default(false),
  authenticationContext: groupField({
    id: textField("the id that Cloudflare gives the authentication context"),
    acId: textField('the number in Entra, "c1" to "c99"', /^c[1-9]\d?$/),
  }).optional(),
  justification: textField("a question of 1 to 200 characters", /^.{1,200}$/).optional(),
  approval: groupField({
    approvers: listField(email, "a list of email addresses"),
    needed: wholeNumberField(20).default(1),
  }).optional(),
});

const allOr = <T extends z.ZodType>(item: T, items: string) =>
  z.union([z.literal("all"), listField(item, `a list of ${items}`)], `must be "all" or a list of ${items}`);

const applicationSchema = groupField({
  displayName: displayNameField.optional(),
  hostnames: listField(
    textField(
      'a host name with or without a path, such as "wiki.contoso.example/hr"',
      new RegExp(`^${host}${path}$`),
    ),
    "a list of host names",
  ).default([]),
  destinations: privateDestinationsSchema.optional(),
  policies: z.array(nameField("a policy"), "must be a list of policies").default([]),
  acknowledge: z.array(oneOfField(["unprotectedRest"]), 'must be a list of "unprotectedRest"').default([]),
  redirect: booleanField().optional(),
  sessionDuration: durationField.optional(),
  cookie: groupField({
    sameSite: oneOfField(["strict", "lax", "none"]).optional(),
    httpOnly: booleanField().optional(),
    binding: booleanField().optional(),
    path: booleanField().optional(),
  }).optional(),
  cors: groupField({
    origins: allOr(origin, "origins"),
    methods: allOr(
      oneOfField(["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]),
      "methods",
    ),
    headers: allOr(textField("the name of a header"), "headers").optional(),
    credentials: booleanField().default(false),
    maxAge: wholeNumberField(86_400).optional(),
  }).optional(),
  launcher: booleanField().default(true),
  logoUrl: textField("an address that begins with https://", /^https:\/\/\S+$/).optional(),
  tags: listField(textField("the name of a tag"), "a list of tags").optional(),
});

const identityProviderSchema = groupField({
  id: textField("the id of an Access identity provider").optional(),
  owned: booleanField().default(false),
  displayName: displayNameField.optional(),
  oneTimePin: booleanField().default(false),
  tenantId: textField("the directory (tenant) id of its people and groups, a GUID", GUID_PATTERN).optional(),
  environment: oneOfField(ENVIRONMENTS).default("public"),
  clientId: textField("the application (client) id that signs in there, a GUID", GUID_PATTERN).optional(),
  clientSecret: textField("a client secret").optional(),
  ...optionalSignInFields,
});

const ownedEntraGroupSchema = groupField({
  displayName: textField("a name of 1 to 256 characters", /^.{1,256}$/),
  description: textField("a text of 1 to 1024 characters", /^.{1,1024}$/).optional(),
  members: listField(textField("an object id, a GUID", GUID_PATTERN), "a list of object ids").optional(),
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
