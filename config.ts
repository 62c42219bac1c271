import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { permissionProblem, permissionProfiles } from "./components/graph-permissions";
import { accessSettings } from "./config/access";
import { always, flag, group, guid, list, nearest, oneOf, text, wholeNumber } from "./config/settings";

/** Entra's portal offers 24 months at most, and an older secret is one that nobody remembers. */
const longestOfEntra = 730;
/** Where a number grows above this, somebody mistook it for a date. */
const highestRotation = 1_000_000;

const permissionName = z.string("the name of a permission").superRefine((name, context) => {
  const problem = permissionProblem(name);
  if (problem) context.addIssue({ code: "custom", message: `another name: it is ${problem}` });
});

const schema = z.strictObject({
  tenantId: text("the directory (tenant) id, a GUID", guid),
  accountId: text("the Cloudflare account id, 32 hexadecimal digits", /^[0-9a-f]{32}$/),
  teamName: text(
    'the Cloudflare team name alone, e.g. "contoso" for contoso.cloudflareaccess.com',
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  ),
  protect: flag().default(true),
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
    displayName: text("a name of 1 to 120 characters", /^.{1,120}$/).default("Entra ID"),
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
  access: accessSettings.prefault({}),
});

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

/** The stack's settings, checked and with defaults filled in; docs/config.md has them one by one. */
export type StackConfig = z.output<typeof schema>;

/**
 * Checks settings as Pulumi hands them over: keys as in `pulumi config`, values as text (JSON for groups and lists).
 *
 * @param all every config value of the run; keys of other namespaces (`azuread:` ...) are left to their providers.
 * @throws RunError with every problem: where, what was found, what would be right.
 */
export function parseConfig(all: Readonly<Record<string, string>>, project: string): StackConfig {
  const own = Object.entries(all).filter(([key]) => key.startsWith(`${project}:`));
  // `default: ""` in Pulumi.yaml stands for "not set": so that what is missing is reported here, with the rest.
  const given = own.filter(([, value]) => value !== "");
  const settings = Object.fromEntries(
    given.map(([key, value]) => [key.slice(project.length + 1), decoded(value)]),
  );
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeProblem(issue, settings, project));
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new pulumi.RunError([`${count} in the stack's configuration:`, ...problems].join("\n  "));
}

/** The settings of the running stack. Throws as `parseConfig` does. */
export function loadConfig(): StackConfig {
  return parseConfig(pulumi.runtime.allConfig(), pulumi.getProject());
}

/** Groups, lists, numbers and flags arrive as JSON; a text that happens to be all digits stays a text. */
function decoded(value: string): unknown {
  if (!/^(\{.*\}|\[.*\]|true|false)$/s.test(value.trim())) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function describeProblem(issue: z.core.$ZodIssue, settings: object, project: string): string[] {
  const where = (path: PropertyKey[]) => `${project}:${path.map(String).join(".")}`;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => `${where([...issue.path, key])}: no such setting; ${nearest(key, known)}`);
  }
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    settings,
  );
  return [
    `${where(issue.path)}: found ${found === undefined ? "nothing" : JSON.stringify(found)}; want ${issue.message}`,
  ];
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  const at = path.reduce<z.ZodType>((type, key) => inside(type, key), schema);
  return Object.keys(shapeOf(at));
}

/** The type of a setting within a group, a list, or settings by name. */
function inside(type: z.ZodType, key: PropertyKey): z.ZodType {
  const bare = unwrapped(type);
  if (bare instanceof z.ZodRecord) return bare.valueType as z.ZodType;
  return (bare instanceof z.ZodArray ? bare.element : shapeOf(bare)[key]) as z.ZodType;
}

function shapeOf(type: z.ZodType): Record<PropertyKey, z.ZodType> {
  return (unwrapped(type) as z.ZodObject).shape;
}

function unwrapped(type: z.ZodType): z.ZodType {
  const wrapped =
    type instanceof z.ZodPrefault || type instanceof z.ZodOptional || type instanceof z.ZodDefault;
  return wrapped ? unwrapped(type.unwrap() as z.ZodType) : type;
}
