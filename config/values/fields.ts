/** The kinds of settings. Their messages are predicates ("must be ..."), to which config.ts adds path and value. */
import { closest, distance } from "fastest-levenshtein";
import * as z from "zod";
import { encodeHost } from "./hosts";

export const GUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The names of identity providers, groups, policies and so on; they become parts of Pulumi resource names. */
export const NAME_PATTERN = /^[a-z][A-Za-z0-9-]{0,39}$/;

export const textField = (expected: string, pattern = /^\S+$/) =>
  z.string(`must be ${expected}`).regex(pattern, `must be ${expected}`);
/** A text that people read. Blanks at its ends would be invisible, and are not kept everywhere. */
export const proseField = (longest: number) =>
  textField(
    `a text of 1 to ${longest} characters in one line, without blanks at its ends`,
    new RegExp(String.raw`^(?=.{1,${longest}}$)\S(.*\S)?$`),
  );
/** An id of Entra or Cloudflare. Both write GUIDs in lower case; another case would be drift after a refresh. */
export const guidField = (expected: string) =>
  z.string(`must be ${expected}`).toLowerCase().regex(GUID_PATTERN, `must be ${expected}`);
/** A reference to something that is defined elsewhere in the settings. */
export const nameField = (referenced: string) => textField(`the name of ${referenced}`, NAME_PATTERN);
export const displayNameField = proseField(120);
export const booleanField = () => z.boolean("must be true or false");
export const oneOfField = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be one of ${values.map((value) => `"${value}"`).join(", ")}`);

/** A list without repetitions, which may be empty. @param expected e.g. "a list of groups" */
export const setField = <T extends z.ZodType>(item: T, expected: string) =>
  arrayWithoutRepetitions(item, expected).meta({ uniqueItems: true });
export const listField = <T extends z.ZodType>(item: T, expected: string) =>
  arrayWithoutRepetitions(item, expected)
    .min(1, `must be ${expected}, at least one`)
    .meta({ uniqueItems: true });

function arrayWithoutRepetitions<T extends z.ZodType>(item: T, expected: string) {
  return z.array(item, `must be ${expected}`).superRefine((items, context) => {
    const keys = items.map((value) => (typeof value === "string" ? value.toLowerCase() : value));
    for (const [index, key] of keys.entries())
      if (keys.indexOf(key) < index)
        context.addIssue({ code: "custom", path: [index], message: "must be listed only once" });
  });
}

export const groupField = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? undefined : "must be a group of settings"),
  });

const invalidName =
  "must have a name of at most 40 letters, digits and hyphens that begins with a lowercase letter";

/** Settings by names that people choose. */
export const recordByName = <T extends z.ZodType>(value: T) =>
  z
    .record(z.string().regex(NAME_PATTERN, invalidName), value, {
      error: ({ code }) => (code === "invalid_key" ? invalidName : "must be settings by name"),
    })
    .default({});

export function wholeNumberField(highest: number) {
  const message = `must be a whole number from 1 to ${highest}`;
  return z.int(message).min(1, message).max(highest, message);
}

/** Milliseconds by unit. */
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const LONGEST_SESSION = 730 * 3_600_000;

/** Converts a duration such as "1h30m" to milliseconds. */
export function parseDuration(duration: string): number {
  const parts = [...duration.matchAll(/([\d.]+)(\D+)/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (DURATION_UNITS[unit] ?? 0), 0);
}

/** The duration of a session: Access takes durations from "0s", an immediate timeout, to a month. */
export const sessionDurationField = textField(
  'a duration such as "8h" or "30m"',
  /^(\d+(\.\d+)?(ms|s|m|h))+$/,
).refine((duration) => parseDuration(duration) <= LONGEST_SESSION, "must be at most a month, 730h");

/** Options of a rule that is checked even if a setting of the group is wrong, to report all problems at once. */
export const alwaysChecked = (message: string) => ({ error: message, when: () => true });

/** Reports a problem with the setting at `path`. The message is a predicate of the setting, the advice a sentence. */
export type Refuse = (path: readonly (string | number)[], message: string, advice?: string) => void;

/** Settings and values by the name that Cloudflare's API, Terraform or the portals have for them, without case and hyphens. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  applaunchervisible: "launcher",
  approvalgroups: "approval",
  autoredirecttoidentity: "redirect",
  azure: "entraGroups",
  azuread: "entraGroups",
  corsheaders: "cors",
  domain: "hostnames",
  enddate: "periodDays",
  geo: "countries",
  ip: "ipRanges",
  name: "displayName",
  nonidentity: "service_auth",
  purposejustificationprompt: "justification",
  rotationdays: "periodDays",
  selfhosteddomains: "hostnames",
};

/** Finds what is meant by a name in another case or notation, such as `email_claim_name`, or of Cloudflare's API. */
export function findOtherSpelling(name: string, known: readonly string[]): string | undefined {
  const simplify = (text: string) => text.toLowerCase().replace(/[-_]/g, "");
  const other = Object.hasOwn(OTHER_NAMES, simplify(name)) ? OTHER_NAMES[simplify(name)] : undefined;
  return known.find((one) => simplify(one) === simplify(name)) ?? known.find((one) => one === other);
}

/** Suggests what may have been meant by a name that does not exist, as a sentence. */
export function suggestName(name: string, known: readonly string[]): string {
  if (known.length === 0) return "None is defined.";
  const near = closest(name, known);
  const isNear = distance(name, near) <= Math.min(3, name.length / 2);
  const candidate = findOtherSpelling(name, known) ?? (isNear ? near : undefined);
  return candidate === undefined ? `Choose one of ${known.join(", ")}.` : `Did you mean "${candidate}"?`;
}

/** Suggests the same text in the case or notation that a pattern asks for, as a sentence; undefined if none matches. */
export function suggestSpelling(text: string, pattern: RegExp): string | undefined {
  const trimmed = text.trim().replace(/^\{(.*)\}$/, "$1");
  // The path keeps its case, because Access distinguishes it.
  const bare = trimmed.replace(/^https?:\/\/|\/+$/g, "").replace(/^[^/]+/, (host) => host.toLowerCase());
  const withoutSlash = trimmed.replace(/\/+$/, "");
  const hours = trimmed.replace(/^(\d+) ?d(ays?)?$/i, (_, days) => `${Number(days) * 24}h`);
  const domain = trimmed.toLowerCase().replace(/^\*?@/, "");
  const team = bare.replace(/(\.fed)?\.cloudflareaccess\.com$/, "");
  const candidates = [
    ...[trimmed, trimmed.toLowerCase(), trimmed.toUpperCase()],
    ...[bare, encodeHost(bare), withoutSlash, domain, team, hours],
  ];
  const candidate = candidates.find((one) => pattern.test(one));
  return candidate === undefined || candidate === text ? undefined : `Did you mean "${candidate}"?`;
}
