import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { accessSchema } from "./config/access/access";
import { resolveIdentityProviders } from "./config/identity-providers";
import { signInFields } from "./config/sign-in";
import { checkSignIns } from "./config/sign-in-checks";
import { targetFields } from "./config/target";
import { booleanField, findOtherSpelling, suggestName, suggestSpelling } from "./config/values/fields";

export { OWN_IDENTITY_PROVIDER } from "./config/access/rules";
export { getApplicationName, selectIdentityProviders, type TenantConfig } from "./config/identity-providers";

export const schema = z
  .strictObject({
    ...targetFields,
    protect: booleanField()
      .default(true)
      .describe("whether Pulumi refuses to delete the application and the identity provider"),
    ...signInFields,
    access: accessSchema.prefault({}).describe("access rules: [access.md](access.md). Default: none"),
  })
  .superRefine((config, context) => {
    const { teamName, nextTeamName } = config;
    if (nextTeamName === teamName) {
      const message = "must be another name than teamName";
      context.addIssue({ code: "custom", path: ["nextTeamName"], message });
    }
    checkSignIns(config, (path, message, advice) => {
      context.addIssue({ code: "custom", path: [...path], message, params: { advice } });
    });
  })
  .transform(({ access, ...config }) => {
    const identityProviders = resolveIdentityProviders(access.identityProviders, config.tenantId);
    return { ...config, access: { ...access, identityProviders } };
  });

/** The stack's config, checked and with defaults filled in. Every setting is documented in docs/config.md. */
export type StackConfig = z.output<typeof schema>;

/**
 * Checks config as Pulumi hands it over: keys as in `pulumi config`, values as text (JSON for groups and lists).
 *
 * @param all every config value of the run; keys of other namespaces (`azuread:` ...) are left to their providers
 * @throws RunError that lists every problem: where it is, what must hold and what was found
 */
export function parseConfig(all: Readonly<Record<string, string>>, project: string): StackConfig {
  // `default: ""` in Pulumi.yaml stands for "not set", so that a missing setting is reported here, with the others.
  const given = Object.entries(all).filter(([key, value]) => key.startsWith(`${project}:`) && value !== "");
  const decoded = Object.fromEntries(
    given.map(([key, value]) => [key.slice(project.length + 1), decodeValue(value)]),
  );
  const settings = restoreTexts(decoded);
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  // A name that a pattern refuses may also be one that does not exist: the same sentence.
  const problems = [
    ...new Set(result.error.issues.flatMap((issue) => describeProblem(issue, settings, project))),
  ];
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new pulumi.RunError([`${count} in the stack's configuration:`, ...problems].join("\n  "));
}

/** Reads the config of the running stack. Throws as {@link parseConfig} does. */
export function loadConfig(): StackConfig {
  return parseConfig(pulumi.runtime.allConfig(), pulumi.getProject());
}

/** Decodes groups, lists and booleans, which arrive as JSON; a text of digits stays a text. */
function decodeValue(value: string): unknown {
  if (!/^(\{.*\}|\[.*\]|true|false)$/s.test(value.trim())) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Restores texts such as "2024" and "true" within groups and lists: Pulumi hands them over as numbers and booleans. */
function restoreTexts(settings: object): object {
  const restored: object = structuredClone(settings);
  for (const { code, path, ...issue } of schema.safeParse(settings).error?.issues ?? []) {
    const parent = path.slice(0, -1).reduce(getMember, restored) as Record<PropertyKey, unknown>;
    const key = path.at(-1) ?? "";
    const isExpectedText = code === "invalid_type" && "expected" in issue && issue.expected === "string";
    const found = isExpectedText ? parent[key] : undefined;
    if (Number.isSafeInteger(found) || typeof found === "boolean") parent[key] = String(found);
  }
  return restored;
}

const getMember = (value: unknown, key: PropertyKey): unknown =>
  (value as Record<PropertyKey, unknown> | undefined)?.[key];

function describeProblem(issue: z.core.$ZodIssue, settings: object, project: string): string[] {
  const formatPath = (path: PropertyKey[]) => `${project}:${path.map(String).join(".")}`;
  const where = formatPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = listKnownKeys(issue.path);
    return issue.keys.map(
      (key) => `${formatPath([...issue.path, key])} is not a setting. ${suggestName(key, known)}`,
    );
  }
  // "all" or a list: the items of a list say more than both forms together.
  const ofItems =
    issue.code === "invalid_union" && issue.errors.find((form) => form.every(({ path }) => path.length > 0));
  if (ofItems)
    return ofItems.flatMap((one) =>
      describeProblem({ ...one, path: [...issue.path, ...one.path] }, settings, project),
    );
  const isName = issue.code === "invalid_key";
  const found = isName ? issue.path.at(-1) : issue.path.reduce(getMember, settings as unknown);
  if (issue.code !== "custom" && found === undefined) return [`${where} is required: it ${issue.message}`];
  const advice = getAdvice(issue, found);
  const text = JSON.stringify(found, (key, value) => (key === "clientSecret" ? "[secret]" : value));
  const rule = found === undefined ? issue.message : `${issue.message}; found ${text}`;
  return [`${where} ${rule}${advice ? `. ${advice}` : ""}`];
}

function getAdvice(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code === "custom") return issue.params?.advice;
  if (issue.code === "invalid_key" && listKnownKeys(issue.path).includes("displayName"))
    return "The name that people see can be another: displayName.";
  if (typeof found !== "string") return undefined;
  if (issue.code === "invalid_value") {
    const value = findOtherSpelling(found, issue.values.map(String));
    return value === undefined ? undefined : `Did you mean "${value}"?`;
  }
  if (issue.code !== "invalid_format") return undefined;
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(issue.pattern ?? "") ?? [];
  return source === undefined ? undefined : suggestSpelling(found, new RegExp(source, flags));
}

function listKnownKeys(path: readonly PropertyKey[]): string[] {
  return Object.keys(getShape(path.reduce<z.ZodType>((type, key) => getInnerType(type, key), schema)));
}

/** Returns the type of a setting within a group, a list, or settings by name. */
function getInnerType(type: z.ZodType, key: PropertyKey): z.ZodType {
  const bare = unwrapType(type);
  if (bare instanceof z.ZodRecord) return bare.valueType as z.ZodType;
  return (bare instanceof z.ZodArray ? bare.element : getShape(bare)[key]) as z.ZodType;
}

function getShape(type: z.ZodType): Record<PropertyKey, z.ZodType> {
  return (unwrapType(type) as z.ZodObject).shape;
}

function unwrapType(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodPipe) return unwrapType(type.in as z.ZodType);
  const isWrapper =
    type instanceof z.ZodPrefault || type instanceof z.ZodOptional || type instanceof z.ZodDefault;
  return isWrapper ? unwrapType(type.unwrap() as z.ZodType) : type;
}
