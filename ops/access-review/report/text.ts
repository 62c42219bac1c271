import { pc } from "../../terminal/progress";
import { replaceControlCharacters } from "../../terminal/untrusted-text";
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

/** Formats a table whose columns are as wide as their widest cell; cells may come from the clouds. */
export function formatTable(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(replaceControlCharacters));
  const widths = columns.map((column, index) =>
    clean.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), column.length),
  );
  const format = (row: readonly string[]) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd();
  return [pc.bold(format(columns)), ...clean.map(format)];
}

/** Describes everyone who can reach each application of the report. */
export function describeWho(report: AccessReport): string[] {
  const people = indexPeople(report);
  const lines = report.applications.flatMap((application) => {
    const own = listApplicationRows(application, people);
    const lines = own.flatMap(({ person, access }) => [
      [formatPerson(person), formatAccount(person), access.result, formatReason(access, person.id)],
      ...(access.condition === undefined ? [] : [["", "", "", `if ${access.condition}`]]),
    ]);
    return [
      `${pc.bold(replaceControlCharacters(formatApplication(application)))}: ${formatCounts(application.counts)}`,
      ...application.openings.map((opening) => `! ${replaceControlCharacters(formatOpening(opening))}`),
      "",
      ...(own.length > 0 ? [...formatTable(["person", "account", "access", "because"], lines), ""] : []),
    ];
  });
  return [...lines, replaceControlCharacters(describeSource(report))];
}

/** Describes unused and large grants, and all applications in one table. */
export function describeReview(report: AccessReport): string[] {
  const rows = report.applications.map((application) => {
    const marks = listRemarks(application).map((mark) => `! ${mark}`);
    return [formatApplication(application), ...formatCountCells(application.counts), marks.join(", ")];
  });
  const columns = ["application", "people", "conditional", "guests", "disabled", ""];
  const grants = listGrantTables(report).flatMap(({ title, rows: listed }) => [
    pc.bold(title),
    ...formatTable(GRANT_COLUMNS, listed),
    "",
  ]);
  return [
    ...grants,
    pc.bold("Applications"),
    ...formatTable(columns, rows),
    "",
    `${report.people.length} people can reach ${report.applications.length} applications. ${describeSource(report)}`,
    "Who can reach one: npx entra-access access who <application>. All people: --csv, --html <file>.",
  ];
}
