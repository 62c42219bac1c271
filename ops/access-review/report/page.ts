import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { replaceControlCharacters } from "../../terminal/untrusted-text";
import {
  type AccessRow,
  describeSource,
  formatAccount,
  formatApplication,
  formatCounts,
  formatOpening,
  formatReason,
  listMarks,
  listRows,
} from "./format";
import { GRANT_COLUMNS, listGrantTables } from "./grants";
import type { AccessReport, ReportedApplication, ReportedPerson } from "./report";

const STYLE = `
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #5e5e5e; --paper: #fff; --line: #767676; --bad: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --text: #f2f2f2; --quiet: #bdbdbd; --paper: #1a1a1a; --line: #949494; --bad: #ff9ba3; } }
body { font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 80rem;
  background: var(--paper); color: var(--text); }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: .25rem 0; } mark { background: none; color: var(--bad); font-weight: bold; }
small { color: var(--quiet); } [hidden] { display: none; } label { margin-right: 1rem; } input[type=search] { font: inherit; width: 20rem; max-width: 100%; }
@media print { form { display: none; } details > *:not([hidden]) { display: block; } tr { break-inside: avoid; } body { max-width: none; color: #000; background: #fff; } }`;

/** Hides the rows that the filter does not match, and opens everything before printing. */
const SCRIPT = `
const form = document.forms[0];
const apply = () => {
  const words = form.search.value.toLowerCase().split(" ").filter(Boolean);
  for (const section of document.querySelectorAll("details")) {
    const title = section.querySelector("summary").textContent.toLowerCase();
    let shown = 0;
    for (const row of section.querySelectorAll("tbody tr")) {
      const text = title + " " + row.textContent.toLowerCase();
      const matches = words.every((word) => text.includes(word))
        && (!form.guests.checked || row.dataset.guest) && (!form.disabled.checked || row.dataset.disabled)
        && (!form.conditional.checked || row.dataset.conditional);
      row.hidden = !matches;
      if (matches) shown++;
    }
    const filtered = words.length > 0 || form.guests.checked || form.disabled.checked || form.conditional.checked;
    section.hidden = filtered && shown === 0;
  }
};
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("beforeprint", () => { for (const section of document.querySelectorAll("details")) section.open = true; });`;

const SCRIPT_HASH = createHash("sha256").update(SCRIPT).digest("base64");

/** Renders the report as one accessible HTML page that loads nothing; its script only filters. */
export function renderAccessPage(given: AccessReport): string {
  // Such characters could show a name as another one.
  const report: AccessReport = JSON.parse(JSON.stringify(given), (_key, value) =>
    typeof value === "string" ? replaceControlCharacters(value) : value,
  );
  const rows = listRows(report);
  const byApplication = groupBy(rows, ({ application }) => application);
  const byPerson = groupBy(rows, ({ person }) => person);
  const people = [...byPerson.keys()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_HASH}'`;
  return String(html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="robots" content="noindex">
<title>Access review</title><style>${raw(STYLE)}</style></head>
<body>
<header><h1>Who can reach what</h1>
<p>${report.people.length} people and ${report.applications.length} applications. ${describeSource(report)}</p>
<p><small>This page holds personal data: give it only to those who review access.</small></p>
<form role="search"><p><label>Filter <input type="search" name="search" placeholder="name, address, group, policy"></label>
<label><input type="checkbox" name="guests"> guests</label><label><input type="checkbox" name="disabled"> disabled accounts</label>
<label><input type="checkbox" name="conditional"> conditional</label></p></form></header>
<main>
${renderGrants(report)}
<section><h2>Applications</h2>${report.applications.map((one) => renderApplication(one, byApplication.get(one) ?? []))}</section>
<section><h2>People</h2>${people.map((one) => renderPerson(one, byPerson.get(one) ?? []))}</section>
</main>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`);
}

function groupBy<K>(rows: readonly AccessRow[], getKey: (row: AccessRow) => K): Map<K, AccessRow[]> {
  const groups = new Map<K, AccessRow[]>();
  for (const row of rows) {
    const group = groups.get(getKey(row));
    if (group) group.push(row);
    else groups.set(getKey(row), [row]);
  }
  return groups;
}

type Html = ReturnType<typeof html>;

function renderGrants(report: AccessReport): Html | "" {
  const tables = listGrantTables(report).map(({ title, rows }) => {
    const lines = rows.map(
      ([grant, people, applications]) =>
        html`<tr><th scope="row">${grant}</th><td>${people}</td><td>${applications}</td></tr>`,
    );
    return html`<details open><summary><strong>${title}</strong></summary>${renderTable(GRANT_COLUMNS, lines)}</details>`;
  });
  return tables.length > 0 ? html`<section><h2>Grants</h2>${tables}</section>` : "";
}

function renderApplication(application: ReportedApplication, rows: readonly AccessRow[]): Html {
  const marks = listMarks(application).map((mark) => html` <mark>! ${mark}</mark>`);
  const openings = application.openings.map((opening) => html`<li>${formatOpening(opening)}</li>`);
  return html`<details><summary><strong>${formatApplication(application)}</strong>: ${formatCounts(application.counts)}${marks}</summary>
${openings.length > 0 ? html`<ul>${openings}</ul>` : ""}${renderTable(
  ["person", ...ACCESS_COLUMNS],
  rows.map((row) => renderRow(row, html`${row.person.name} <small>${row.person.address}</small>`)),
)}</details>`;
}

function renderPerson(person: ReportedPerson, rows: readonly AccessRow[]): Html {
  const count = `${rows.length} ${rows.length === 1 ? "application" : "applications"}`;
  return html`<details><summary><strong>${person.name}</strong> <small>${person.address}</small>: ${count}; ${renderAccount(person)}</summary>
${renderTable(
  ["application", ...ACCESS_COLUMNS],
  rows.map((row) => renderRow(row, html`${formatApplication(row.application)}`)),
)}</details>`;
}

/** Marks guests and disabled accounts. */
function renderAccount(person: ReportedPerson): Html {
  const text = formatAccount(person);
  return person.disabled || person.account === "guest" ? html`<mark>${text}</mark>` : html`${text}`;
}

const ACCESS_COLUMNS = ["account", "access", "because"];

function renderTable(columns: readonly string[], rows: readonly Html[]): Html | "" {
  if (rows.length === 0) return "";
  return html`<div class="wide"><table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function renderRow({ person, access }: AccessRow, subject: Html): Html {
  const condition = access.condition === undefined ? "" : html` if ${access.condition}`;
  const isGuest = person.account === "guest";
  return html`<tr${isGuest ? raw(' data-guest="1"') : ""}${person.disabled ? raw(' data-disabled="1"') : ""}${
    condition === "" ? "" : raw(' data-conditional="1"')
  }><th scope="row">${subject}</th><td>${renderAccount(person)}</td><td>${access.result}${condition}</td><td>${formatReason(access, person.id)}</td></tr>`;
}
