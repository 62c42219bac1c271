import { replaceControlCharacters } from "../../terminal/untrusted-text";
import type { MemberSince } from "../sources/memberships";
import { indexPeople, listApplicationRows } from "./format";
import type { AccessReport } from "./report";

const COLUMNS = [
  "application",
  "address",
  "account_id",
  "person",
  "person_address",
  "person_id",
  "tenant_id",
  "account",
  "disabled",
  "result",
  "condition",
  "identity_provider",
  "policy",
  "because",
  "member_since",
  "added_by",
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

/**
 * Renders one line per person and application (RFC 4180), and one per opening without a person. Each part has the lines
 * of one application, because all of them may be longer than a text can be.
 */
export function* renderCsv(report: AccessReport): Generator<string> {
  const people = indexPeople(report);
  yield formatCells(COLUMNS);
  for (const application of report.applications) {
    const { name, address, accountId } = application;
    const common = { application: name, address, account_id: accountId };
    // Line by line: the cells of a hundred thousand people take more memory than their text.
    let lines = "";
    for (const { who, condition = "", policy, because, open } of application.openings)
      lines += formatRow({
        ...common,
        person: who,
        result: open ? "allowed" : "conditional",
        condition,
        policy,
        because,
      });
    for (const { person, access } of listApplicationRows(application, people))
      lines += formatRow({
        ...common,
        person: person.name,
        person_address: person.address,
        person_id: person.id,
        tenant_id: person.tenantId,
        account: person.account,
        disabled: String(person.disabled),
        result: access.result,
        condition: access.condition ?? "",
        identity_provider: access.identityProvider,
        policy: access.policy,
        because: access.because,
        ...formatSince(access.since?.[person.id]),
      });
    yield lines;
  }
}

/** Formats since when the group has somebody, and who added them. */
function formatSince(since: MemberSince | undefined): Row {
  if (!since) return {};
  if ("before" in since) return { member_since: `before ${since.before}` };
  return { member_since: since.at, added_by: since.by };
}

const formatRow = (row: Row) => formatCells(COLUMNS.map((column) => row[column] ?? ""));
const formatCells = (cells: readonly string[]) => `${cells.map(formatCell).join(",")}\r\n`;

/**
 * Formats a cell. Spreadsheets take a cell that begins with one of these characters for a formula, also in quotes, so an
 * apostrophe comes before it: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function formatCell(text: string): string {
  const clean = replaceControlCharacters(text);
  const safe = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(clean) || clean !== text ? `'${clean}` : clean;
  return `"${safe.replaceAll('"', '""')}"`;
}
