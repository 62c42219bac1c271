import { pc } from "../terminal/progress";
import {
  escapeMarkdown,
  formatMarkdownHeader,
  formatMarkdownRow,
  replaceControlCharacters,
} from "../terminal/untrusted-text";
import { DRIFT_COLUMNS, formatDriftRow, listDriftDetails, summarizeDrift } from "./format";
import type { DriftReport, DriftResult } from "./report";

const COLORS: Record<DriftResult, (text: string) => string> = {
  "in sync": pc.green,
  drift: pc.red,
  unknown: pc.yellow,
};

/** Formats the report for a terminal: a table, followed by the details. */
export function describeDriftReport(report: DriftReport): string[] {
  const rows = [[...DRIFT_COLUMNS], ...report.stacks.map(formatDriftRow)];
  const widths = DRIFT_COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const table = rows.map((row, line) => {
    const cells = row.map((cell, i) => replaceControlCharacters(cell).padEnd(widths[i] ?? 0));
    if (line === 0) return pc.dim(cells.join("  ").trimEnd());
    const paint = COLORS[report.stacks[line - 1]?.result ?? "drift"];
    return cells
      .map((cell, i) => (i === 1 ? paint(cell) : cell))
      .join("  ")
      .trimEnd();
  });
  const details = listDriftDetails(report).flatMap(({ title, lines }) => [
    "",
    pc.bold(replaceControlCharacters(title)),
    ...lines.map((line) => `  ${replaceControlCharacters(line)}`),
  ]);
  return [...table, ...details, "", `${report.result}: ${summarizeDrift(report)}`];
}

/** Formats the report for a pull request or an issue. */
export function renderDriftMarkdown(report: DriftReport): string {
  const table = [
    ...formatMarkdownHeader(DRIFT_COLUMNS),
    ...report.stacks.map((drift) => formatMarkdownRow(formatDriftRow(drift))),
  ];
  const details = listDriftDetails(report).flatMap(({ title, lines }) => [
    "",
    `**${escapeMarkdown(title)}**`,
    "",
    ...lines.map((line) => `- ${escapeMarkdown(line)}`),
  ]);
  const heading = `### Drift: ${escapeMarkdown(`${report.result}: ${summarizeDrift(report)}`)}`;
  return [heading, "", ...table, ...details, ""].join("\n");
}
