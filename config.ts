import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import { accessSettings } from "./config/access";
import { flag, nearest } from "./config/settings";
import { signInSettings } from "./config/sign-in";
import { targetSettings } from "./config/target";

export { furtherTenants, type Tenant } from "./config/sign-in";

const schema = z
  .strictObject({
    ...targetSettings,
    protect: flag().default(true),
    ...signInSettings,
    access: accessSettings.prefault({}),
  })
  .superRefine(({ tenantId, access }, context) => {
    for (const [name, { owned, tenantId: other }] of Object.entries(access.identityProviders))
      if (owned && other?.toLowerCase() === tenantId.toLowerCase()) {
        const path = ["access", "identityProviders", name, "tenantId"];
        context.addIssue({ code: "custom", path, message: "another tenant: this is the stack's own" });
      }
  });

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
