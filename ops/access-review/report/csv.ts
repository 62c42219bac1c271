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
];

/**
 * Renders one line per person and application (RFC 4180), and one per opening without a person. Each part has the lines
 * of one application, because all of them may be longer than a text can be.
 */
export function* renderCsv(report: AccessReport): Generator<string> {
  const people = indexPeople(report);
  yield formatLine(COLUMNS);
  for (const application of report.applications) {
    const { name, address, accountId } = application;
    // Line by line: the cells of a hundred thousand people take more memory than their text.
    let lines = "";
    for (const { who, condition = "", policy, because, open } of application.openings)
      lines += formatLine([
        name,
        address,
        accountId,
        who,
        "",
        "",
        "",
        "",
        "",
        open ? "allowed" : "conditional",
        condition,
        "",
        policy,
        because,
        "",
        "",
      ]);
    for (const { person, access } of listApplicationRows(application, people))
      lines += formatLine([
        name,
        address,
        accountId,
        person.name,
        person.address,
        person.id,
        person.tenantId,
        person.account,
        String(person.disabled),
        access.result,
        access.condition ?? "",
        access.identityProvider,
        access.policy,
        access.because,
        ...formatSince(access.since?.[person.id]),
      ]);
    yield lines;
  }
}

/** Formats since when the group has somebody, and who added them. */
function formatSince(since: MemberSince | undefined): [since: string, by: string] {
  if (!since) return ["", ""];
  return "before" in since ? [`before ${since.before}`, ""] : [since.at, since.by];
}

const formatLine = (row: readonly string[]) => `${row.map(formatCell).join(",")}\r\n`;

/**
 * Formats a cell. Spreadsheets take a cell that begins with one of these characters for a formula, also in quotes, so an
 * apostrophe comes before it: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function formatCell(text: string): string {
  const clean = replaceControlCharacters(text);
  const safe = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(clean) || clean !== text ? `'${clean}` : clean;
  return `"${safe.replaceAll('"', '""')}"`;
}
