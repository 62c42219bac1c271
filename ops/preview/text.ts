import { describeChanges, type ResourceChange } from "../stacks/changes";
import { pc } from "../terminal/progress";
import {
  escapeHtml,
  escapeMarkdown,
  formatMarkdownHeader,
  formatMarkdownRow,
  replaceControlCharacters,
} from "../terminal/untrusted-text";
import type { StackPreview } from "./preview";

const COLUMNS = ["stack", "result", "create", "update", "replace", "delete"] as const;

/** What one stack comes to, in a few words: `2 changes`. */
export function resultOf({ changes, cause }: StackPreview): string {
  if (cause !== undefined || !changes) return "could not tell";
  return changes.length === 0 ? "no changes" : `${changes.length} change${changes.length > 1 ? "s" : ""}`;
}

export function summaryOf(previews: readonly StackPreview[]): string {
  const open = previews.filter(({ changes }) => !changes).length;
  const changed = previews.filter(({ changes = [] }) => changes.length > 0).length;
  return `${changed} of ${previews.length} stacks would change, ${open} could not be told`;
}

/** The previews for a terminal. */
export function describePreviews(previews: readonly StackPreview[]): string[] {
  const told = previews.flatMap((preview) => [
    pc.bold(replaceControlCharacters(preview.stack)),
    ...(preview.changes ? describeChanges(preview.changes).map((line) => `  ${line}`) : []),
    ...notesOf(preview).map((note) => `  ${replaceControlCharacters(note)}`),
    "",
  ]);
  return [...told, summaryOf(previews)];
}

/** The previews for a pull request: a table, and per stack that has something to tell what would be done. */
export function markdownOf(previews: readonly StackPreview[]): string {
  const rows = previews.map((preview) =>
    formatMarkdownRow([preview.stack, resultOf(preview), ...countsOf(preview.changes)]),
  );
  const told = previews.flatMap((preview) => {
    const lines = [
      ...(preview.changes ?? []).flatMap(changeInMarkdown),
      ...notesOf(preview).map((note) => `- ${escapeMarkdown(note)}`),
    ];
    if (lines.length === 0) return [];
    const summary = `<code>${escapeHtml(preview.stack)}</code>: ${resultOf(preview)}`;
    return ["", "<details>", `<summary>${summary}</summary>`, "", ...lines, "", "</details>"];
  });
  return [
    `### Preview: ${summaryOf(previews)}`,
    "",
    ...formatMarkdownHeader(COLUMNS),
    ...rows,
    ...told,
    "",
  ].join("\n");
}

function countsOf(changes: readonly ResourceChange[] | undefined): string[] {
  if (!changes) return COLUMNS.slice(2).map(() => "?");
  // A replacement is several steps; the one named so stands for all of them.
  const steps = { create: "create", update: "update", replace: "replace", delete: "delete" } as const;
  return Object.values(steps).map((op) => String(changes.filter((change) => change.op === op).length || ""));
}

function notesOf({ cause, advice, warnings = [] }: StackPreview): string[] {
  return [
    ...(cause === undefined ? [] : [cause, ...(advice ? [`do: ${advice}`] : [])]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function changeInMarkdown({ op, type, name, properties }: ResourceChange): string[] {
  const shown = op === "create" ? [] : properties;
  return [
    `- **${op}** ${escapeMarkdown(`${type.replace(/:[^:]*:/, " ")} ${name}`)}`,
    ...shown.map(
      ({ path, from = "(none)", to = "(none)" }) => `  - ${escapeMarkdown(`${path}: ${from} -> ${to}`)}`,
    ),
  ];
}
