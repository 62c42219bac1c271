/** The settings `access`: who may reach what. docs/access.md has them one by one. */
import * as z from "zod";
import { type Problem, unknownNames } from "./access-names";
import { applicationChecks } from "./application-checks";
import { identityProviderChecks } from "./identity-provider-checks";
import { policyChecks } from "./policy-checks";
import { privateNetworkChecks } from "./private-network-checks";
import {
  destinations,
  deviceEnrolment,
  privateHostname,
  privateRange,
  virtualNetwork,
} from "./private-networks";
import { duration, flag, group, guid, label, list, NAME, name, oneOf, text, wholeNumber } from "./settings";
import { furtherSignIn } from "./sign-in";
import { ENVIRONMENTS } from "./target";

const wellNamed =
  "a name of at most 40 letters, digits and hyphens that begins with a small letter, in its place";
const byName = <T extends z.ZodType>(of: T) =>
  z
    .record(text(wellNamed, NAME), of, {
      error: ({ code }) => (code === "invalid_key" ? wellNamed : "settings by name"),
    })
    .default({});

const email = text("an email address", /^[^@\s]+@[^@\s]+\.[^@\s]+$/);
const host = String.raw`(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}`;
const path = String.raw`(/[^\s/?#*]+)*(/\*)?`;
const origin = text('an origin such as "https://app.contoso.example"', /^https:\/\/[^/\s*]+$/);

const lists = {
  entraGroups: list(text("a display name or an object id"), "a list of Entra groups").optional(),
  emails: list(email, "a list of email addresses").optional(),
  emailDomains: list(
    text('a domain such as "contoso.example"', /^[^@\s]+\.[^@\s]+$/),
    "a list of domains",
  ).optional(),
  countries: list(
    text("a country code of two capital letters", /^[A-Z]{2}$/),
    "a list of country codes",
  ).optional(),
  ipRanges: list(
    text('an address or a range such as "198.51.100.0/24"', /^[0-9a-fA-F.:]+(\/\d{1,3})?$/),
    "a list of ranges",
  ).optional(),
  serviceTokens: list(text("the id of a service token, a GUID", guid), "a list of service tokens").optional(),
  groups: list(name("a group"), "a list of groups").optional(),
};
const atLeastOne = (rules: object) => Object.keys(rules).length > 0;

const accessGroup = group({
  displayName: label.optional(),
  identityProvider: name("an identity provider").default("entra"),
  include: group(lists).refine(atLeastOne, "at least one rule: nobody would match"),
  require: group(lists).optional(),
  exclude: group(lists).optional(),
});

const policy = group({
  displayName: label.optional(),
  decision: oneOf(["allow", "deny", "bypass", "service_auth"]).default("allow"),
  include: z.array(name("a group"), "a list of groups").default([]),
  require: z.array(name("a group"), "a list of groups").default([]),
  exclude: z.array(name("a group"), "a list of groups").default([]),
  everyone: flag().default(false),
  acknowledge: z.array(oneOf(["bypass", "everyone"]), 'a list of "bypass" and "everyone"').default([]),
  sessionDuration: duration.optional(),
  mfa: flag().default(false),
  authenticationContext: group({
    id: text("the id that Cloudflare gives the authentication context"),
    acId: text('the number in Entra, "c1" to "c99"', /^c[1-9]\d?$/),
  }).optional(),
  justification: text("a question of 1 to 200 characters", /^.{1,200}$/).optional(),
  approval: group({
    approvers: list(email, "a list of email addresses"),
    needed: wholeNumber(20).default(1),
  }).optional(),
});

const allOr = <T extends z.ZodType>(item: T, what: string) =>
  z.union([z.literal("all"), list(item, `a list of ${what}`)], `"all" or a list of ${what}`);

const application = group({
  displayName: label.optional(),
  hostnames: list(
    text('a host name, with a path or without: "wiki.contoso.example/hr"', new RegExp(`^${host}${path}$`)),
    "a list of host names",
  ).default([]),
  destinations: destinations.optional(),
  policies: z.array(name("a policy"), "a list of policies").default([]),
  acknowledge: z.array(oneOf(["unprotectedRest"]), 'a list of "unprotectedRest"').default([]),
  redirect: flag().optional(),
  sessionDuration: duration.optional(),
  cookie: group({
    sameSite: oneOf(["strict", "lax", "none"]).optional(),
    httpOnly: flag().optional(),
    binding: flag().optional(),
    path: flag().optional(),
  }).optional(),
  cors: group({
    origins: allOr(origin, "origins"),
    methods: allOr(
      oneOf(["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]),
      "methods",
    ),
    headers: allOr(text("the name of a header"), "headers").optional(),
    credentials: flag().default(false),
    maxAge: wholeNumber(86_400).optional(),
  }).optional(),
  launcher: flag().default(true),
  logoUrl: text("an address that begins with https://", /^https:\/\/\S+$/).optional(),
  tags: list(text("the name of a tag"), "a list of tags").optional(),
});

/** One that the account has already, made by another stack or by hand; or one that the stack makes. */
const identityProvider = group({
  id: text("the id of an Access identity provider").optional(),
  owned: flag().default(false),
  displayName: label.optional(),
  oneTimePin: flag().default(false),
  tenantId: text("the directory (tenant) id whose groups it has, a GUID", guid).optional(),
  environment: oneOf(ENVIRONMENTS).default("public"),
  clientId: text("the application (client) id that signs in there, a GUID", guid).optional(),
  clientSecret: text("a client secret").optional(),
  ...furtherSignIn,
});

/** Made and owned by the stack. */
const ownedEntraGroup = group({
  displayName: text("a name of 1 to 256 characters", /^.{1,256}$/),
  description: text("a text of 1 to 1024 characters", /^.{1,1024}$/).optional(),
  members: list(text("an object id, a GUID", guid), "a list of object ids").optional(),
});

const settings = group({
  assignedOnly: flag().default(false),
  identityProviders: byName(identityProvider),
  ownedEntraGroups: byName(ownedEntraGroup),
  groups: byName(accessGroup),
  policies: byName(policy),
  virtualNetworks: byName(virtualNetwork),
  privateRanges: byName(privateRange),
  privateHostnames: byName(privateHostname),
  applications: byName(application),
  deviceEnrolment: deviceEnrolment.optional(),
});

/** `access` as it is after its parts are found to be well formed. */
export type AccessConfig = z.output<typeof settings>;

export const accessSettings = settings.superRefine((access, context) => {
  for (const { path, want } of problemsOf(access)) context.addIssue({ code: "custom", path, message: want });
});

/** Those of names come alone: what else is wrong cannot be said before names are right. */
function problemsOf(access: AccessConfig): Problem[] {
  const names = unknownNames(access);
  const checks = [...identityProviderChecks, ...policyChecks, ...applicationChecks, ...privateNetworkChecks];
  return names.length > 0 ? names : checks.flatMap((check) => check(access));
}
