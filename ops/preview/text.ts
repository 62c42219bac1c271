import { describeChanges, type ResourceChange, summarizeReplacements } from "../stacks/run/changes";
import { pc } from "../terminal/progress";
import {
  escapeHtml,
  escapeMarkdown,
  formatMarkdownFold,
  formatMarkdownHeader,
  formatMarkdownRow,
  replaceControlCharacters,
} from "../terminal/untrusted-text";
import { describePeopleChange, renderPeopleMarkdown } from "./people";
import type { StackPreview } from "./preview";

const COLUMNS = ["stack", "result", "create", "update", "replace", "delete"] as const;

/** Describes the result in a few words: `2 changes`. */
export function describePreviewResult({ changes, cause }: StackPreview): string {
  if (cause !== undefined || !changes) return "unknown";
  const count = summarizeReplacements(changes).length;
  return count === 0 ? "no changes" : `${count} change${count > 1 ? "s" : ""}`;
}

export function summarizePreviews(previews: readonly StackPreview[]): string {
  const unknown = previews.filter(({ changes }) => !changes).length;
  const changed = previews.filter(({ changes = [] }) => changes.length > 0).length;
  return `${changed} of ${previews.length} stacks would change, ${unknown} could not be previewed`;
}

export function describePreviews(previews: readonly StackPreview[]): string[] {
  const lines = previews.flatMap((preview) => [
    pc.bold(replaceControlCharacters(preview.stack)),
    ...(preview.changes ? describeChanges(preview.changes).map((line) => `  ${line}`) : []),
    ...(preview.people
      ? ["  people:", ...describePeopleChange(preview.people).map((line) => `    ${line}`)]
      : []),
    ...listNotes(preview).map((note) => `  ${replaceControlCharacters(note)}`),
    "",
  ]);
  return [...lines, summarizePreviews(previews)];
}

/** Formats the previews for a pull request: a table, followed by the details of each stack that has any. */
export function renderPreviewMarkdown(previews: readonly StackPreview[]): string {
  const rows = previews.map((preview) =>
    formatMarkdownRow([preview.stack, describePreviewResult(preview), ...countChanges(preview.changes)]),
  );
  const details = previews.flatMap((preview) => {
    const lines = [
      ...summarizeReplacements(preview.changes ?? []).flatMap(renderChange),
      ...listNotes(preview).map((note) => `- ${escapeMarkdown(note)}`),
    ];
    if (lines.length === 0) return [];
    const summary = `<code>${escapeHtml(preview.stack)}</code>: ${describePreviewResult(preview)}`;
    return formatMarkdownFold(summary, lines);
  });
  return [
    `### Preview: ${summarizePreviews(previews)}`,
    "",
    ...formatMarkdownHeader(COLUMNS),
    ...rows,
    ...previews.flatMap(renderPeople),
    ...details,
    "",
  ].join("\n");
}

/** Renders who gains and who loses access in the open, because every reviewer asks that. */
function renderPeople({ stack, people }: StackPreview): string[] {
  if (!people) return [];
  const title = `**Who gains and who loses access** in <code>${escapeHtml(stack)}</code>`;
  return ["", title, "", ...renderPeopleMarkdown(people)];
}

function countChanges(changes: readonly ResourceChange[] | undefined): string[] {
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

function renderChange({ op, type, name, properties }: ResourceChange): string[] {
  const shown = op === "create" ? [] : properties;
  return [
    `- **${op}** ${escapeMarkdown(`${type.replace(/:[^:]*:/, " ")} ${name}`)}`,
    ...shown.map(
      ({ path, from = "(none)", to = "(none)" }) => `  - ${escapeMarkdown(`${path}: ${from} -> ${to}`)}`,
    ),
  ];
}
