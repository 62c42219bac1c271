import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { pc } from "../progress";

/** One property that a step changes. */
export interface PropertyChange {
  /** As Pulumi writes it: `web.redirectUris[0]`, `config.supportGroups`. */
  readonly path: string;
  /** Values as JSON; secrets are `"[secret]"`. Absent where there is none. */
  readonly from?: string;
  readonly to?: string;
}

/** One step that changes something in a cloud. */
export interface Change {
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
export function changesIn(events: readonly EngineEvent[]): Change[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const step = resourcePreEvent?.metadata;
    const custom = step?.new?.custom ?? step?.old?.custom;
    if (!step || !custom || QUIET.has(step.op) || step.type.startsWith("pulumi:")) return [];
    const paths = Object.keys(step.detailedDiff ?? {});
    // The engine tells old inputs and old outputs apart: a drift stands in the outputs.
    const before = { ...step.old?.inputs, ...step.old?.outputs };
    const properties = (paths.length > 0 ? paths : (step.diffs ?? [])).map((path) => ({
      path,
      ...valueAt("from", before, path),
      ...valueAt("to", step.new?.inputs, path),
    }));
    return [
      { op: step.op, type: step.type, urn: step.urn, name: step.urn.split("::").at(-1) ?? "", properties },
    ];
  });
}

function valueAt<K extends string>(key: K, root: unknown, path: string): { [P in K]?: string } {
  const steps = path.match(/[^.[\]"]+/g) ?? [];
  const value = steps.reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step],
    root,
  );
  const named = /secret|password/i.test(path) && value !== undefined;
  const shown = named ? '"[secret]"' : JSON.stringify(value);
  return (shown === undefined ? {} : { [key]: shown }) as { [P in K]?: string };
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
export function describeChanges(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ["no changes"];
  return changes.flatMap(({ op, type, name, properties }) => [
    `${MARKS[op] ?? op} ${type.replace(/:[^:]*:/, " ")} ${pc.dim(name)}`,
    ...(op === "create" ? [] : properties.map(describeProperty)),
  ]);
}

function describeProperty({ path, from, to }: PropertyChange): string {
  return `      ${path}: ${from ?? "(none)"} -> ${to ?? "(none)"}`;
}
