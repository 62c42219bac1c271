import type { Deployment, OutputMap } from "@pulumi/pulumi/automation";

/** The engine's mark of a secret; a state exported with secrets has the value as JSON beside it. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** The engine's signature of secret values. */
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** A resource of a state; secrets have a value only where the state was exported with them. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  /** Set on a replaced resource that is not deleted yet. */
  readonly delete?: boolean;
  /** RFC 3339, like the next. */
  readonly created?: string;
  readonly modified?: string;
}

type Properties = Readonly<Record<string, unknown>>;

/** What a stack's state says; nothing else reads the engine's form of it. */
export interface StackState {
  /** Including replaced ones that are not deleted yet. */
  readonly resources: readonly StateResource[];
  /** URNs of the creates that an interrupted run left without a result. */
  readonly pendingCreates: readonly string[];
}

export function readStackState({ deployment }: Deployment): StackState {
  const pending: { type: string; resource: StateResource }[] = deployment?.pending_operations ?? [];
  return {
    resources: (deployment?.resources ?? []).map(unwrapSecrets<StateResource>),
    pendingCreates: pending.flatMap(({ type, resource }) => (type === "creating" ? [resource.urn] : [])),
  };
}

/** Reads the outputs from an exported state; `pulumi stack output` would have to run twice to tell which are secret. */
export function readOutputs({ deployment }: Deployment): OutputMap {
  const resources: StateResource[] = deployment?.resources ?? [];
  const { outputs = {} } = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
  const entries = Object.entries(outputs).map(([name, value]) => [
    name,
    { value: unwrapSecrets(value), secret: JSON.stringify(value).includes(`"${SECRET}":`) },
  ]);
  return Object.fromEntries(entries);
}

/** Replaces every secret in a value by its plaintext, or undefined where the state was exported without secrets. */
function unwrapSecrets<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unwrapSecrets) as T;
  const { plaintext } = value as { plaintext?: unknown };
  if (SECRET in value) return (typeof plaintext === "string" ? JSON.parse(plaintext) : undefined) as T;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapSecrets(inner)])) as T;
}

/**
 * Replaces a secret output of a resource in an exported state, or removes it.
 *
 * @param path names of the output and its members, e.g. ["scimConfig", "secret"]
 * @param value undefined removes the output; the import encrypts it
 */
export function replaceSecretOutput(
  state: Deployment,
  urn: string,
  path: readonly string[],
  value: string | undefined,
): Deployment {
  const { deployment, ...rest } = structuredClone(state);
  const resource: { outputs?: Record<string, unknown> } | undefined = deployment.resources.find(
    (one: { urn: string; delete?: boolean }) => one.urn === urn && !one.delete,
  );
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown> | undefined>(
      (values, name) => values?.[name] as Record<string, unknown> | undefined,
      resource?.outputs,
    );
  const name = path.at(-1) ?? "";
  if (typeof parent !== "object" || parent === null || SECRET in parent)
    throw new Error(`${urn} has no readable output ${path.join(".")}`);
  if (value === undefined) delete parent[name];
  else parent[name] = { [SECRET]: SECRET_SIGNATURE, plaintext: JSON.stringify(value) };
  return { ...rest, deployment };
}
