/** The settings of one tenant's sign-in; docs/config.md has them one by one. */
import * as z from "zod";
import { permissionProblem, permissionProfiles } from "../components/graph-permissions";
import { always, flag, group, guid, list, oneOf, text, wholeNumber } from "./settings";
import type { Environment } from "./target";

/** Entra's portal offers 24 months at most, and an older secret is one that nobody remembers. */
const longestOfEntra = 730;
/** Where a number grows above this, somebody mistook it for a date. */
const highestRotation = 1_000_000;

const permissionName = z.string("the name of a permission").superRefine((name, context) => {
  const problem = permissionProblem(name);
  if (problem) context.addIssue({ code: "custom", message: `another name: it is ${problem}` });
});

/** Of the tenant that the stack is named after in `tenantId`; groups that are left out are filled in. */
export const signInSettings = {
  application: group({
    displayName: text("a name of 1 to 120 characters", /^.{1,120}$/).optional(),
    owners: list(text("an object id, a GUID", guid), "a list of object ids").optional(),
    emailClaim: flag().default(false),
    uniqueSuffix: flag().default(false),
  }).prefault({}),
  permissions: group({
    profile: oneOf(Object.keys(permissionProfiles) as ["tutorial", "cloudflare-current"]).optional(),
    names: list(permissionName, "a list of permission names").optional(),
  })
    .refine(...notBoth("profile", "names"))
    .prefault({}),
  credential: group({
    description: text("a text of 1 to 90 characters", /^.{1,90}$/).default("cloudflare-access"),
    periodDays: wholeNumber(longestOfEntra).default(90),
    graceDays: wholeNumber(longestOfEntra).default(30),
    longestDays: wholeNumber(longestOfEntra).default(180),
    phaseHours: wholeNumber(longestOfEntra * 24).optional(),
    alertDays: wholeNumber(longestOfEntra).default(14),
    rotation: wholeNumber(highestRotation).default(1),
    force: wholeNumber(highestRotation).optional(),
    compromised: wholeNumber(highestRotation).optional(),
  })
    .refine(
      ...days(
        "graceDays (30 unless set) shorter than periodDays (90 unless set)",
        (period, grace) => grace < period,
      ),
    )
    .refine(
      ...days(
        "periodDays and graceDays together at most longestDays (180 unless set)",
        (period, grace, longest) => period + grace <= longest,
      ),
    )
    .prefault({}),
  identityProvider: group({
    displayName: text("a name of 1 to 120 characters", /^.{1,120}$/).optional(),
    prompt: oneOf(["login", "select_account", "none"]).optional(),
    claims: list(text("the name of a claim"), "a list of claim names").optional(),
    emailClaimName: text("the name of a claim").optional(),
    supportGroups: flag().default(true),
    pkceEnabled: flag().default(true),
    conditionalAccessEnabled: flag().default(false),
    scim: group({
      enabled: flag().default(false),
      userDeprovision: flag().default(false),
      seatDeprovision: flag().default(false),
      identityUpdateBehavior: oneOf(["automatic", "reauth", "no_action"]).default("no_action"),
    })
      .refine(
        (scim) => !scim.seatDeprovision || scim.userDeprovision,
        always("userDeprovision with seatDeprovision"),
      )
      .prefault({}),
  }).prefault({}),
};

const { application, permissions, credential, identityProvider } = signInSettings;

/** The same of a tenant beside the stack's own; nothing is filled in, so that what is not owned can be told to have none. */
export const furtherSignIn = {
  assignedOnly: flag().optional(),
  application: application.unwrap().optional(),
  permissions: permissions.unwrap().optional(),
  credential: credential.unwrap().optional(),
  identityProvider: identityProvider.unwrap().omit({ displayName: true }).optional(),
};
export const furtherSettings = Object.keys(furtherSignIn) as (keyof typeof furtherSignIn)[];

/** What signs in to a tenant, and how people do. */
export type Tenant = { [name in keyof typeof signInSettings]: z.output<(typeof signInSettings)[name]> } & {
  tenantId: string;
  environment: Environment;
  assignedOnly: boolean;
};

type Entry = { [name in keyof typeof furtherSignIn]?: z.output<(typeof furtherSignIn)[name]> } & {
  owned: boolean;
  displayName?: string | undefined;
  tenantId?: string | undefined;
  environment: Tenant["environment"];
};

/** The tenants that the stack makes an application and an identity provider for, beside its own, with defaults filled in. */
export function furtherTenants(identityProviders: Readonly<Record<string, Entry>>): Record<string, Tenant> {
  const owned = Object.entries(identityProviders).flatMap(([name, entry]): [string, Tenant][] => {
    const { tenantId, environment, assignedOnly = false, displayName = `Entra ID (${name})` } = entry;
    if (!entry.owned || tenantId === undefined) return [];
    return [
      [
        name,
        {
          tenantId,
          environment,
          assignedOnly,
          application: application.parse(entry.application),
          permissions: permissions.parse(entry.permissions),
          credential: credential.parse(entry.credential),
          identityProvider: identityProvider.parse({ ...entry.identityProvider, displayName }),
        },
      ],
    ];
  });
  return Object.fromEntries(owned);
}

function notBoth(one: string, other: string) {
  const test = (group: Record<string, unknown>) => group[one] === undefined || group[other] === undefined;
  return [test, always(`either ${one} or ${other}, not both`)] as const;
}

/** A rule over the lengths of a secret's life, as they are with the defaults filled in; silent where one is no number. */
function days(want: string, holds: (period: number, grace: number, longest: number) => boolean) {
  const test = ({ periodDays = 90, graceDays = 30, longestDays = 180 }: Record<string, unknown>) =>
    [periodDays, graceDays, longestDays].some((length) => typeof length !== "number") ||
    holds(Number(periodDays), Number(graceDays), Number(longestDays));
  return [test, always(want)] as const;
}
