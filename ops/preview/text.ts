import { type Change, describeChanges } from "../stacks/plan";
import { headInMarkdown, inHtml, inMarkdown, printable, rowInMarkdown } from "../terminal/foreign-text";
import { pc } from "../terminal/progress";
import type { StackPreview } from "./preview";

const COLUMNS = ["stack", "result", "create", "update", "replace", "delete"] as const;

/** Describes the result in a few words: `2 changes`. */
export function describePreviewResult({ changes, cause }: StackPreview): string {
  if (cause !== undefined || !changes) return "unknown";
  return changes.length === 0 ? "no changes" : `${changes.length} change${changes.length > 1 ? "s" : ""}`;
}

export function summarizePreviews(previews: readonly StackPreview[]): string {
  const unknown = previews.filter(({ changes }) => !changes).length;
  const changed = previews.filter(({ changes = [] }) => changes.length > 0).length;
  return `${changed} of ${previews.length} stacks would change, ${unknown} could not be previewed`;
}

export function describePreviews(previews: readonly StackPreview[]): string[] {
  const lines = previews.flatMap((preview) => [
    pc.bold(printable(preview.stack)),
    ...(preview.changes ? describeChanges(preview.changes).map((line) => `  ${line}`) : []),
    ...listNotes(preview).map((note) => `  ${printable(note)}`),
    "",
  ]);
  return [...lines, summarizePreviews(previews)];
}

/** Formats the previews for a pull request: a table, followed by the details of each stack that has any. */
export function renderPreviewMarkdown(previews: readonly StackPreview[]): string {
  const rows = previews.map((preview) =>
    rowInMarkdown([preview.stack, describePreviewResult(preview), ...countChanges(preview.changes)]),
  );
  const details = previews.flatMap((preview) => {
    const lines = [
      ...(preview.changes ?? []).flatMap(renderChange),
      ...listNotes(preview).map((note) => `- ${inMarkdown(note)}`),
    ];
    if (lines.length === 0) return [];
    const summary = `<code>${inHtml(preview.stack)}</code>: ${describePreviewResult(preview)}`;
    return ["", "<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>"];
  });
  return [
    `### Preview: ${summarizePreviews(previews)}`,
    "",
    ...headInMarkdown(COLUMNS),
    ...rows,
    ...details,
    "",
  ].join("\n");
}

function countChanges(changes: readonly Change[] | undefined): string[] {
  if (!changes) return COLUMNS.slice(2).map(() => "?");
  // A replacement has several steps, of which only `replace` counts.
  const steps = { create: "create", update: "update", replace: "replace", delete: "delete" } as const;
  return Object.values(steps).map((op) => String(changes.filter((change) => change.op === op).length || ""));
}

function listNotes({ cause, advice, warnings = [] }: StackPreview): string[] {
  return [
    ...(cause === undefined ? [] : [cause, ...(advice ? [`advice: ${advice}`] : [])]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function renderChange({ op, type, name, properties }: Change): string[] {
  const shown = op === "create" ? [] : properties;
  return [
    `- **${op}** ${inMarkdown(`${type.replace(/:[^:]*:/, " ")} ${name}`)}`,
    ...shown.map(
      ({ path, from = "(none)", to = "(none)" }) => `  - ${inMarkdown(`${path}: ${from} -> ${to}`)}`,
    ),
  ];
}
