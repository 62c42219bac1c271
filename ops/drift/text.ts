import { headInMarkdown, inMarkdown, printable, rowInMarkdown } from "../terminal/foreign-text";
import { pc } from "../terminal/progress";
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
    const cells = row.map((cell, i) => printable(cell).padEnd(widths[i] ?? 0));
    if (line === 0) return pc.dim(cells.join("  ").trimEnd());
    const paint = COLORS[report.stacks[line - 1]?.result ?? "drift"];
    return cells
      .map((cell, i) => (i === 1 ? paint(cell) : cell))
      .join("  ")
      .trimEnd();
  });
  const details = listDriftDetails(report).flatMap(({ title, lines }) => [
    "",
    pc.bold(printable(title)),
    ...lines.map((line) => `  ${printable(line)}`),
  ]);
  return [...table, ...details, "", `${report.result}: ${summarizeDrift(report)}`];
}

/** Formats the report for a pull request or an issue. */
export function renderDriftMarkdown(report: DriftReport): string {
  const table = [
    ...headInMarkdown(DRIFT_COLUMNS),
    ...report.stacks.map((drift) => rowInMarkdown(formatDriftRow(drift))),
  ];
  const details = listDriftDetails(report).flatMap(({ title, lines }) => [
    "",
    `**${inMarkdown(title)}**`,
    "",
    ...lines.map((line) => `- ${inMarkdown(line)}`),
  ]);
  const heading = `### Drift: ${inMarkdown(`${report.result}: ${summarizeDrift(report)}`)}`;
  return [heading, "", ...table, ...details, ""].join("\n");
}
