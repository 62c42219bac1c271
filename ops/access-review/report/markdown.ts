import {
  escapeHtml,
  escapeMarkdown,
  formatMarkdownFold,
  formatMarkdownHeader,
  formatMarkdownRow,
} from "../../terminal/untrusted-text";
import {
  describeSource,
  formatAccount,
  formatApplication,
  formatCountCells,
  formatCounts,
  formatOpening,
  formatPerson,
  formatReason,
  indexPeople,
  listApplicationRows,
  listRemarks,
} from "./format";
import { GRANT_COLUMNS, listGrantTables } from "./grants";
import type { AccessReport } from "./report";

const COLUMNS = ["application", "people", "conditional", "guests", "disabled", "stands out"] as const;

/** Renders the report with unused and large grants, a table of all applications, and a fold with the people of each. */
export function renderMarkdown(report: AccessReport): string {
  const people = indexPeople(report);
  const overview = report.applications.map((application) => {
    return formatMarkdownRow([
      formatApplication(application),
      ...formatCountCells(application.counts),
      listRemarks(application).join(", "),
    ]);
  });
  const details = report.applications.flatMap((application) => {
    const own = listApplicationRows(application, people);
    const openings = application.openings.map((opening) => `- ${escapeMarkdown(formatOpening(opening))}`);
    if (own.length + openings.length === 0) return [];
    const title = `<code>${escapeHtml(formatApplication(application))}</code>: ${formatCounts(application.counts)}`;
    const table = own.map(({ person, access }) => {
      const condition = access.condition === undefined ? "" : ` if ${access.condition}`;
      const result = `${access.result}${condition}`;
      return formatMarkdownRow([
        formatPerson(person),
        formatAccount(person),
        result,
        formatReason(access, person.id),
      ]);
    });
    const whole = [...formatMarkdownHeader(["person", "account", "access", "because"]), ...table];
    const parts = [openings, table.length > 0 ? whole : []].filter((lines) => lines.length > 0);
    return formatMarkdownFold(title, [parts.map((lines) => lines.join("\n")).join("\n\n")]);
  });
  return [
    `### Access: ${report.people.length} people, ${report.applications.length} applications`,
    "",
    ...listGrantTables(report).flatMap(({ title, rows }) => [
      `**${title}**`,
      "",
      ...formatMarkdownHeader(GRANT_COLUMNS),
      ...rows.map(formatMarkdownRow),
      "",
    ]),
    "**Applications**",
    "",
    ...formatMarkdownHeader(COLUMNS),
    ...overview,
    ...details,
    "",
    escapeMarkdown(describeSource(report)),
    "",
  ].join("\n");
}
