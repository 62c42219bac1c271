import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { pc } from "../terminal/progress";

/** One property that a step changes. */
export interface PropertyChange {
  /** As Pulumi writes it: `web.redirectUris[0]`, `config.supportGroups`. */
  readonly path: string;
  /** Values as JSON; secrets are `"[secret]"`. Absent where there is none. */
  readonly from?: string;
  readonly to?: string;
}

/** One step that changes something in a cloud. */
export interface ResourceChange {
  readonly op: OpType;
  /** For example `azuread:index/application:Application`. */
  readonly type: string;
  readonly urn: string;
  /** The name of the resource in the program: the last part of the URN. */
  readonly name: string;
  readonly properties: readonly PropertyChange[];
}

/** Steps that only look, or that change nothing outside of the state. */
const QUIET: ReadonlySet<string> = new Set(["same", "read", "refresh", "read-discard", "discard-replaced"]);

/** The changes among the events of one run, in order. Components and providers exist in the state alone. */
export function collectChanges(events: readonly EngineEvent[]): ResourceChange[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const step = resourcePreEvent?.metadata;
    const custom = step?.new?.custom ?? step?.old?.custom;
    if (!step || !custom || QUIET.has(step.op) || step.type.startsWith("pulumi:")) return [];
    const detailed = Object.keys(step.detailedDiff ?? {});
    const properties = (detailed.length > 0 ? detailed : (step.diffs ?? [])).flatMap((path) =>
      differences(path, {
        // A drift stands in the old outputs; what nobody ever asked for stands in no inputs.
        before: getValueAtPath(step.old?.outputs, path) ?? getValueAtPath(step.old?.inputs, path),
        asked: getValueAtPath(step.old?.inputs, path),
        wanted: getValueAtPath(step.new?.inputs, path),
      }),
    );
    return [
      { op: step.op, type: step.type, urn: step.urn, name: step.urn.split("::").at(-1) ?? "", properties },
    ];
  });
}

/** A provider may report a whole block: then its settings that differ are what changes. */
function differences(
  path: string,
  { before, asked, wanted }: { before: unknown; asked: unknown; wanted: unknown },
): PropertyChange[] {
  if (!isBlock(before) || !isBlock(wanted)) {
    const name = path.split(".").at(-1) ?? "";
    return [{ path, ...shown("from", name, before), ...shown("to", name, wanted) }];
  }
  const keys = new Set([...Object.keys(isBlock(asked) ? asked : {}), ...Object.keys(wanted)]);
  const inside = [...keys].flatMap((key) => {
    if (key === "__defaults" || isDeepStrictEqual(before[key], wanted[key])) return [];
    const now = isBlock(asked) ? asked[key] : undefined;
    return differences(`${path}.${key}`, { before: before[key], asked: now, wanted: wanted[key] });
  });
  if (inside.length > 0) return inside;
  // Secrets look the same before and after: where nothing else differs, it is they that do.
  const secrets = secretsIn(path, wanted);
  return secrets.length > 0 ? secrets : [{ path }];
}

/** How the engine marks a secret, and a value that only `up` will know. */
const SECRET = { key: "4dabf18193072939515e22adb298388d", value: "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function isSecret(value: unknown): boolean {
  return (value as Record<string, unknown> | null | undefined)?.[SECRET.key] === SECRET.value;
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

function secretsIn(path: string, value: unknown): PropertyChange[] {
  if (isSecret(value)) return [{ path, from: '"[secret]"', to: '"[secret]"' }];
  if (!isBlock(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(`${path}.${key}`, inner));
}

/** The value at a path as Pulumi writes it. */
export function getValueAtPath(root: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]"]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], root);
}

function shown<K extends string>(key: K, name: string, value: unknown): { [P in K]?: string } {
  const text = JSON.stringify(value, (inside, inner) => {
    if (inner === UNKNOWN) return "(known after up)";
    if (isSecret(inner)) return "[secret]";
    // The engine masks secrets; this is for those that a provider forgot to mark.
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

/** The plan as lines for people: what is made, changed and removed, and which properties differ. */
export function describeChanges(changes: readonly ResourceChange[]): string[] {
  if (changes.length === 0) return ["no changes"];
  return changes.flatMap(({ op, type, name, properties }) => [
    `${MARKS[op] ?? op} ${type.replace(/:[^:]*:/, " ")} ${pc.dim(name)}`,
    ...(op === "create" ? [] : properties.map(describeProperty)),
  ]);
}

function describeProperty({ path, from, to }: PropertyChange): string {
  return `      ${path}: ${from ?? "(none)"} -> ${to ?? "(none)"}`;
}
