import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";

/** The engine's mark of a secret; a state exported with secrets has the value as JSON beside it. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Reads the outputs from an exported state; `pulumi stack output` would have to run twice to tell which are secret. */
export function readOutputs({ deployment }: Deployment): OutputMap {
  const resources: { type: string; outputs?: object }[] = deployment?.resources ?? [];
  const { outputs = {} } = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
  const entries = Object.entries(outputs).map(([name, value]) => [
    name,
    { value: unwrapSecrets(value), secret: JSON.stringify(value).includes(`"${SECRET}":`) },
  ]);
  return Object.fromEntries(entries);
}

/** Replaces every secret in a value by its plaintext, or undefined where the state was exported without secrets. */
export function unwrapSecrets<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unwrapSecrets) as T;
  const { plaintext } = value as { plaintext?: unknown };
  if (SECRET in value) return (typeof plaintext === "string" ? JSON.parse(plaintext) : undefined) as T;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapSecrets(inner)])) as T;
}
