import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { pc } from "../../terminal/progress";

export interface PropertyChange {
  /** The path in Pulumi's notation: `web.redirectUris[0]`, `config.supportGroups`. */
  readonly path: string;
  /** JSON; secrets are `"[secret]"`. Absent where there is no value. */
  readonly from?: string;
  readonly to?: string;
}

export interface ResourceChange {
  readonly op: OpType;
  /** For example `azuread:index/application:Application`. */
  readonly type: string;
  readonly urn: string;
  /** The name of the resource in the program: the last part of the URN. */
  readonly name: string;
  readonly properties: readonly PropertyChange[];
}

/** Steps that only read, or change nothing but the state. */
const READ_ONLY_OPS: ReadonlySet<string> = new Set([
  "same",
  "read",
  "refresh",
  "read-discard",
  "discard-replaced",
]);

/** Collects the changes from a run's events, in order; without components and providers, which exist only in the state. */
export function collectChanges(events: readonly EngineEvent[]): ResourceChange[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const step = resourcePreEvent?.metadata;
    const custom = step?.new?.custom ?? step?.old?.custom;
    if (!step || !custom || READ_ONLY_OPS.has(step.op) || step.type.startsWith("pulumi:")) return [];
    // The engine forgets a replaced resource that the cloud keeps.
    if (step.op === "delete-replaced" && step.old?.retainOnDelete) return [];
    const detailed = Object.entries(step.detailedDiff ?? {});
    // A provider also reports what it will compute anew, such as the time of the last update.
    const declared = detailed.filter(
      ([path, { diffKind }]) =>
        diffKind.startsWith("delete") ||
        [step.old, step.new].some((state) => getValueAtPath(state?.inputs, path) !== undefined),
    );
    const named = (declared.length > 0 ? declared : detailed).map(([path]) => path);
    const paths = named.length > 0 ? named : (step.diffs ?? []);
    const listed = paths.flatMap((path) =>
      listDifferences(path, {
        // Drift appears in the old outputs; a property that was never set is missing from the inputs.
        actual: getValueAtPath(step.old?.outputs, path) ?? getValueAtPath(step.old?.inputs, path),
        declared: getValueAtPath(step.old?.inputs, path),
        expected: getValueAtPath(step.new?.inputs, path),
      }),
    );
    const properties = listed.length > 0 ? listed : paths.map((path) => ({ path }));
    return [
      { op: step.op, type: step.type, urn: step.urn, name: step.urn.split("::").at(-1) ?? "", properties },
    ];
  });
}

/** Lists what differs within a block, because a provider may report the whole block; nothing where only what it computes does. */
function listDifferences(
  path: string,
  { actual, declared, expected }: { actual: unknown; declared: unknown; expected: unknown },
): PropertyChange[] {
  if (!isBlock(actual) || !isBlock(expected)) {
    const name = path.split(".").at(-1) ?? "";
    return [{ path, ...formatValue("from", name, actual), ...formatValue("to", name, expected) }];
  }
  const keys = new Set([...Object.keys(isBlock(declared) ? declared : {}), ...Object.keys(expected)]);
  const inside = [...keys].flatMap((key) => {
    if (key === "__defaults" || isDeepStrictEqual(actual[key], expected[key])) return [];
    const values = { actual: actual[key], expected: expected[key] };
    return listDifferences(`${path}.${key}`, {
      ...values,
      declared: isBlock(declared) ? declared[key] : undefined,
    });
  });
  if (inside.length > 0) return inside;
  // The engine masks secrets, so they look alike; where nothing else differs, they do.
  return listSecrets(path, expected);
}

/** The engine's marks for a secret and for a value that only `up` will know. */
const SECRET = { key: "4dabf18193072939515e22adb298388d", value: "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function isSecret(value: unknown): boolean {
  return (value as Record<string, unknown> | null | undefined)?.[SECRET.key] === SECRET.value;
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

function listSecrets(path: string, value: unknown): PropertyChange[] {
  if (isSecret(value)) return [{ path, from: '"[secret]"', to: '"[secret]"' }];
  if (!isBlock(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => listSecrets(`${path}.${key}`, inner));
}

/** Returns the value at a path in Pulumi's notation. */
export function getValueAtPath(root: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]"]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], root);
}

function formatValue<K extends string>(key: K, name: string, value: unknown): { [P in K]?: string } {
  const text = JSON.stringify(value, (inside, inner) => {
    if (inner === UNKNOWN) return "(known after up)";
    if (isSecret(inner)) return "[secret]";
    // The engine masks secrets, except those that a provider forgot to mark.
    return typeof inner === "string" && /secret|password/i.test(inside || name) ? "[secret]" : inner;
  });
  return (text === undefined ? {} : { [key]: text }) as { [P in K]?: string };
}

const MARKS: Record<string, string> = {
  create: pc.green("+ create "),
  update: pc.yellow("~ update "),
  delete: pc.red("- delete "),
  replace: pc.magenta("± replace"),
  "create-replacement": pc.magenta("+ replace"),
  "delete-replaced": pc.magenta("- replace"),
  import: pc.cyan("= import "),
};

/** The steps of a replacement beside the step that says so and names the properties. */
const REPLACEMENT_STEPS: ReadonlySet<string> = new Set(["create-replacement", "delete-replaced"]);

/** Selects one change for each resource that is replaced, of the three steps that the engine takes. */
export function summarizeReplacements(changes: readonly ResourceChange[]): ResourceChange[] {
  const replaced = new Set(changes.filter(({ op }) => op === "replace").map(({ urn }) => urn));
  return changes.filter(({ op, urn }) => !(REPLACEMENT_STEPS.has(op) && replaced.has(urn)));
}

/** Formats changes as lines for a terminal, each resource once. */
export function describeChanges(changes: readonly ResourceChange[]): string[] {
  if (changes.length === 0) return ["no changes"];
  return summarizeReplacements(changes).flatMap(({ op, type, name, properties }) => [
    `${MARKS[op] ?? op} ${type.replace(/:[^:]*:/, " ")} ${pc.dim(name)}`,
    ...(op === "create" ? [] : properties.map(describeProperty)),
  ]);
}

function describeProperty({ path, from, to }: PropertyChange): string {
  return `      ${path}: ${from ?? "(none)"} -> ${to ?? "(none)"}`;
}
