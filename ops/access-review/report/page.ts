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
  listRemarks,
  listRows,
} from "./format";
import { GRANT_COLUMNS, listGrantTables } from "./grants";
import type { AccessReport, ReportedApplication, ReportedPerson } from "./report";

const STYLE = `
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #5e5e5e; --paper: #fff; --line: #767676; --faint: #ddd; --bad: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --text: #f2f2f2; --quiet: #bdbdbd; --paper: #1a1a1a; --line: #949494; --faint: #3d3d3d; --bad: #ff9ba3; } }
body { font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 80rem;
  background: var(--paper); color: var(--text); }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
h2 { margin: 2rem 0 .5rem; } details { border-top: 1px solid var(--line); padding: .25rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .25rem 0 1rem; font-size: .9rem; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; overflow-wrap: break-word; font-weight: normal; }
tr + tr, tbody tr { border-top: 1px solid var(--faint); } thead th { color: var(--quiet); } td:nth-child(2), thead th:nth-child(2) { width: 11rem; }
th:first-child { width: 34%; } ul { margin: .25rem 0; overflow-wrap: anywhere; } output { color: var(--quiet); }
mark { background: none; color: var(--bad); font-weight: bold; } small { color: var(--quiet); font-size: .85em; } [hidden], section:not(:has(details:not([hidden]))) { display: none; }
label { margin-right: 1rem; white-space: nowrap; } input[type=search] { font: inherit; width: 20rem; max-width: 70vw; }
@media (max-width: 45rem) { thead { display: none; } tr, th, td { display: block; width: auto !important; } tr { padding: .25rem 0; } th, td { padding: 0; } }
@media print { :root { color-scheme: light; --text: #000; --quiet: #444; --paper: #fff; --faint: #ccc; --bad: #a4262c; } form { display: none; } tr { break-inside: avoid; } summary { break-after: avoid; } body { max-width: none; } }`;

/** Hides what the filter does not match, and opens everything before printing. */
const SCRIPT = `
const form = document.forms[0];
const count = (list, one, many) => {
  const shown = [...document.getElementById(list).querySelectorAll("details")].filter((fold) => !fold.hidden).length;
  return shown + " " + (shown === 1 ? one : many);
};
const apply = () => {
  const words = form.search.value.toLowerCase().split(" ").filter(Boolean);
  const kinds = ["guest", "disabled", "conditional"].filter((kind) => form[kind].checked);
  const matches = (text, data) => words.every((word) => text.includes(word)) && kinds.every((kind) => data[kind]);
  const isFiltered = words.length + kinds.length > 0;
  for (const fold of document.querySelectorAll("details")) {
    const title = fold.querySelector("summary").textContent.toLowerCase();
    let shown = matches(title, {});
    for (const row of fold.querySelectorAll("tbody tr")) {
      row.hidden = !matches(title + " " + row.textContent.toLowerCase(), row.dataset);
      if (!row.hidden) shown = true;
    }
    fold.hidden = isFiltered && !shown;
  }
  form.matches.value = isFiltered
    ? count("applications", "application", "applications") + ", " + count("people", "person", "people")
    : "";
};
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("beforeprint", () => { for (const fold of document.querySelectorAll("details")) fold.open = true; });
apply();`;

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
<label><input type="checkbox" name="guest"> guests</label><label><input type="checkbox" name="disabled"> disabled accounts</label>
<label><input type="checkbox" name="conditional"> conditional</label> <output name="matches"></output></p></form></header>
<main>
${renderGrants(report)}
<section id="applications"><h2>Applications</h2>${report.applications.map((one) => renderApplication(one, byApplication.get(one) ?? []))}</section>
<section id="people"><h2>People</h2>${people.map((one) => renderPerson(one, byPerson.get(one) ?? []))}</section>
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
  const marks = listRemarks(application).map((mark) => html` <mark>! ${mark}</mark>`);
  const openings = application.openings.map((opening) => html`<li>${formatOpening(opening)}</li>`);
  return html`<details><summary><strong>${formatApplication(application)}</strong>: ${formatCounts(application.counts)}${marks}</summary>
${openings.length > 0 ? html`<ul>${openings}</ul>` : ""}${renderTable(
  ["person", ...ACCESS_COLUMNS],
  rows.map((row) =>
    renderRow(row, html`<strong>${row.person.name}</strong> <small>${row.person.address}</small>`),
  ),
)}</details>`;
}

function renderPerson(person: ReportedPerson, rows: readonly AccessRow[]): Html {
  const count = `${rows.length} ${rows.length === 1 ? "application" : "applications"}`;
  return html`<details><summary><strong>${person.name}</strong> <small>${person.address}</small>: ${count}; ${renderAccount(person)}</summary>
${renderTable(
  ["application", ...ACCESS_COLUMNS],
  rows.map((row) => renderRow(row, html`<strong>${formatApplication(row.application)}</strong>`)),
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
  return html`<table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

function renderRow({ person, access }: AccessRow, subject: Html): Html {
  const condition = access.condition === undefined ? "" : html` if ${access.condition}`;
  const isGuest = person.account === "guest";
  return html`<tr${isGuest ? raw(' data-guest="1"') : ""}${person.disabled ? raw(' data-disabled="1"') : ""}${
    condition === "" ? "" : raw(' data-conditional="1"')
  }><th scope="row">${subject}</th><td>${renderAccount(person)}</td><td>${access.result}${condition}</td><td>${formatReason(access, person.id)}</td></tr>`;
}
