import type { ProjectSettings, StackSettings } from "@pulumi/pulumi/automation";

/**
 * Reads a stack's config from its files as `pulumi config --show-secrets` prints it: each value as text by full key, with
 * the defaults of Pulumi.yaml.
 *
 * @returns undefined where it takes the engine: secrets, environments of Pulumi ESC, settings in another folder, values
 * that are required and missing, and forms of YAML that the engine may read differently
 */
export function readPlainConfig(
  project: ProjectSettings,
  stack: StackSettings,
): Record<string, string> | undefined {
  // The SDK's types lack the two.
  const { stackConfigDir, config: declared = {} } = project as { stackConfigDir?: string; config?: unknown };
  if (stackConfigDir || "environment" in stack || !isGroup(declared)) return undefined;
  const withProject = (values: object) =>
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project.name}:${key}`, value]);
  const config: Record<string, unknown> = Object.fromEntries(withProject(stack.config ?? {}));
  for (const [key, declaration] of withProject(declared)) {
    if (!isGroup(declaration) || "value" in declaration || "secret" in declaration) return undefined;
    config[key] ??= declaration.default;
  }
  const entries = Object.entries(config);
  if (!entries.every(([key, value]) => key.split(":").length === 2 && isPlain(value))) return undefined;
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(entries.map(([key, value]) => [key, asText(value)]));
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  // A secret is encrypted under this key, at any depth.
  if (isGroup(value)) return !("secure" in value) && Object.values(value).every(isPlain);
  return typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);
}

/** YAML has dates too. */
function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
