import { pc } from "../terminal/progress";
import {
  escapeMarkdown,
  formatMarkdownHeader,
  formatMarkdownRow,
  replaceControlCharacters,
} from "../terminal/untrusted-text";
import type { DriftReport, Result } from "./report";
import { COLUMNS, rowOf, summaryOf, toldOf } from "./words";

const COLOURS: Record<Result, (text: string) => string> = {
  "as declared": pc.green,
  drift: pc.red,
  "could not tell": pc.yellow,
};

/** The report for a terminal: a table, and below it what there is to say. */
export function describeDrift(report: DriftReport): string[] {
  const rows = [[...COLUMNS], ...report.stacks.map(rowOf)];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const table = rows.map((row, line) => {
    const cells = row.map((cell, i) => replaceControlCharacters(cell).padEnd(widths[i] ?? 0));
    if (line === 0) return pc.dim(cells.join("  ").trimEnd());
    const paint = COLOURS[report.stacks[line - 1]?.result ?? "drift"];
    return cells
      .map((cell, i) => (i === 1 ? paint(cell) : cell))
      .join("  ")
      .trimEnd();
  });
  const told = toldOf(report).flatMap(({ title, lines }) => [
    "",
    pc.bold(replaceControlCharacters(title)),
    ...lines.map((line) => `  ${replaceControlCharacters(line)}`),
  ]);
  return [...table, ...told, "", summaryOf(report)];
}

/** The report for a pull request or an issue. */
export function markdownOf(report: DriftReport): string {
  const table = [
    ...formatMarkdownHeader(COLUMNS),
    ...report.stacks.map((one) => formatMarkdownRow(rowOf(one))),
  ];
  const told = toldOf(report).flatMap(({ title, lines }) => [
    "",
    `**${escapeMarkdown(title)}**`,
    "",
    ...lines.map((line) => `- ${escapeMarkdown(line)}`),
  ]);
  return [`### Drift: ${escapeMarkdown(summaryOf(report))}`, "", ...table, ...told, ""].join("\n");
}
