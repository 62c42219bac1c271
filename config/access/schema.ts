/** Schema of the settings in `access`, the access rules. Every setting is documented in docs/access.md. */
import type * as z from "zod";
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
import { emailDomainField, emailField } from "../values/hosts";
import { ipRangeField } from "../values/ranges";
import { applicationSchema } from "./application-schema";
import {
  deviceEnrolmentSchema,
  privateHostnameSchema,
  privateRangeSchema,
  virtualNetworkSchema,
} from "./private-networks-schema";

/** A display name or an object id of an Entra group; Entra writes ids in lower case. */
const entraGroupField = proseField(256).overwrite((text) =>
  GUID_PATTERN.test(text) ? text.toLowerCase() : text,
);

const rules = {
  entraGroups: listField(entraGroupField, "a list of Entra groups")
    .optional()
    .describe(
      "display names or object ids. They are looked up at every run; a name that no group or several groups have is refused, with the groups that were found. Members of nested groups count",
    ),
  emails: listField(emailField, "a list of email addresses")
    .optional()
    .describe("addresses. They match only people who signed in with the identity provider of the group"),
  emailDomains: listField(emailDomainField, "a list of domains")
    .optional()
    .describe("your own domains, which match like `emails`"),
  countries: listField(countryField, "a list of country codes")
    .optional()
    .describe("ISO 3166-1 codes of the countries that requests come from; `T1` is Tor, `XX` unknown"),
  ipRanges: listField(ipRangeField, "a list of ranges")
    .optional()
    .describe("addresses or CIDR ranges that requests come from, at most as wide as /8, for IPv6 /16"),
  serviceTokens: listField(
    guidField("the id of a service token, a GUID, not its client id"),
    "a list of service tokens",
  )
    .optional()
    .describe(
      "ids of existing service tokens, not client ids; `GET access/service_tokens` lists both. A preview checks them if the API token has Access: Service Tokens Read",
    ),
  groups: listField(nameField("a group"), "a list of groups").optional().describe("names of other groups"),
};
const hasRules = (given: object) => Object.keys(given).length > 0;

const groupSchema = groupField({
  displayName: displayNameField
    .optional()
    .describe("the name that Cloudflare shows. Default: the name of the entry"),
  identityProvider: nameField("an identity provider")
    .default("entra")
    .describe("the identity provider with which the people of the group sign in"),
  include: groupField(rules)
    .refine(hasRules, "must have at least one rule: without any, nobody matches")
    .describe("rules of which one must match; at least one"),
  require: groupField(rules).optional().describe("rules that must all match"),
  exclude: groupField(rules).optional().describe("rules of which none may match"),
});

const policySchema = groupField({
  displayName: displayNameField
    .optional()
    .describe("the name that Cloudflare shows. Default: the name of the entry"),
  decision: oneOfField(["allow", "deny", "bypass", "service_auth"])
    .default("allow")
    .describe("`allow` includes people, `deny` people or places, `service_auth` services, `bypass` places"),
  include: setField(nameField("a group"), "a list of groups")
    .default([])
    .describe("names of groups, one of which must match"),
  require: setField(nameField("a group"), "a list of groups")
    .default([])
    .describe("names of groups that must all match"),
  exclude: setField(nameField("a group"), "a list of groups")
    .default([])
    .describe("names of groups none of which may match"),
  everyone: booleanField()
    .default(false)
    .describe(
      "whether it includes everybody: with `allow`, everybody who signs in at the stack's own tenant; with `bypass`, the whole internet",
    ),
  acknowledge: setField(oneOfField(["bypass", "everyone"]), 'a list of "bypass" and "everyone"')
    .default([])
    .describe("confirms that the application is meant to be open"),
  sessionDuration: sessionDurationField
    .optional()
    .describe("such as `8h`, at most `730h`. Default: that of the application"),
  mfa: booleanField().default(false).describe("whether the sign-in must include a second factor"),
  authenticationContext: groupField({
    id: textField("the id that Cloudflare gives the authentication context").describe(
      "the id that Cloudflare gives it",
    ),
    acId: textField('the number in Entra, "c1" to "c99"', /^c[1-9]\d?$/).describe(
      "the number in Entra, `c1` to `c99`",
    ),
  })
    .optional()
    .describe(
      "an authentication context of Conditional Access: `id` (Cloudflare's) and `acId` (`c1` ...); needs `conditionalAccessEnabled` at the identity provider of its people",
    ),
  justification: proseField(200).optional().describe("a question that people must answer first"),
  approval: groupField({
    approvers: listField(emailField, "a list of email addresses").describe(
      "addresses of the people who may approve",
    ),
    needed: wholeNumberField(20).default(1).describe("how many of them must approve"),
  }).optional(),
});

const identityProviderSchema = groupField({
  id: textField("the id of an Access identity provider")
    .optional()
    .describe("the identity provider's id in Access; required, unless it is `owned`"),
  owned: booleanField()
    .default(false)
    .describe(
      "whether the stack creates it: the sign-in of an Entra tenant, or a one-time PIN, of which an account has one. It is protected as the stack's own",
    ),
  displayName: displayNameField
    .optional()
    .describe("the name of an owned one that people see. Default: `Entra ID (<name>)`, `One-time PIN`"),
  oneTimePin: booleanField()
    .default(false)
    .describe("whether it sends PINs; its groups may then name addresses and no domains"),
  tenantId: guidField("the directory (tenant) id of its people and groups, a GUID")
    .optional()
    .describe(
      "its Entra tenant, to which an azuread provider of its own signs in, unless it is the stack's own tenant. Groups may name Entra groups of this tenant. Default: no Entra groups",
    ),
  environment: oneOfField(ENVIRONMENTS).default("public").describe("the cloud of that tenant"),
  clientId: guidField("the application (client) id that signs in there, a GUID")
    .optional()
    .describe("the deployer's client id in that tenant. Default: `ARM_CLIENT_ID`"),
  clientSecret: textField("a client secret")
    .optional()
    .describe(
      "the deployer's client secret in that tenant (`pulumi config set --path --secret`). Default: `ARM_CLIENT_SECRET`",
    ),
  ...optionalSignInFields,
});

const ownedEntraGroupSchema = groupField({
  displayName: proseField(256).describe("the name in Entra, by which rules name it"),
  description: proseField(1024).optional().describe("the description in Entra"),
  members: listField(guidField("an object id, a GUID"), "a list of object ids")
    .optional()
    .describe("object ids. Default: people are added by hand and stay"),
});

/** Schema of `access` without the checks that compare settings with each other. */
export const accessFields = groupField({
  assignedOnly: booleanField()
    .default(false)
    .describe("whether only people who are assigned in Entra can sign in"),
  identityProviders: recordByName(identityProviderSchema).describe(
    "identity providers beside the stack's own, by name",
  ),
  ownedEntraGroups: recordByName(ownedEntraGroupSchema).describe(
    "Entra groups that the stack creates, by name",
  ),
  groups: recordByName(groupSchema).describe("groups of people, places or services, by name"),
  policies: recordByName(policySchema).describe("policies, by name"),
  virtualNetworks: recordByName(virtualNetworkSchema).describe(
    "virtual networks, by name: `displayName` or `id`",
  ),
  privateRanges: recordByName(privateRangeSchema).describe("private ranges, by name"),
  privateHostnames: recordByName(privateHostnameSchema).describe("private host names, by name"),
  applications: recordByName(applicationSchema).describe("applications, by name"),
  deviceEnrolment: deviceEnrolmentSchema
    .optional()
    .describe(
      "who may enroll devices. An account has one such application: delete the existing one first (`GET access/apps`, type `warp`); enrolled devices stay. Default: the account's stays as it is",
    ),
});

/** The settings in `access` with defaults filled in. */
export type AccessConfig = z.output<typeof accessFields>;
