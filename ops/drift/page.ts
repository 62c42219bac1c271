import { html, raw } from "hono/html";
import { OWN_TENANT } from "../tenants";
import type { DriftReport, Result, StackDrift } from "./report";
import { COLUMNS, dayOf, linesOf, rotationsOf, rowOf, summaryOf } from "./words";

const STYLE = `
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #5e5e5e; --paper: #fff; --line: #767676; --accent: #0062ad;
  --bad: #a4262c; --good: #0b6a0b; --unsure: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --text: #f2f2f2; --quiet: #bdbdbd; --paper: #1a1a1a; --line: #949494;
  --accent: #79bdf7; --bad: #ff9ba3; --good: #7fd67f; --unsure: #f0c36d; } }
body { font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 75rem;
  background: var(--paper); color: var(--text); }
a { color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } caption { text-align: left; color: var(--quiet); }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
h3, li, p { overflow-wrap: anywhere; } rect { fill: var(--accent); } rect.soon { fill: var(--bad); }
.r-drift { color: var(--bad); } .r-as { color: var(--good); } .r-could { color: var(--unsure); }
.flow { display: flex; flex-wrap: wrap; list-style: none; padding: 0 0 0 1.5rem; gap: .5rem 1.75rem; }
.flow > li { border: 1px solid var(--line); padding: .25rem .75rem; position: relative; max-width: 100%; }
.flow > li + li::before { content: "\\2192" / ""; position: absolute; left: -1.4rem; }
.flow ul { margin: 0; padding-left: 1.1rem; } .flow span { color: var(--quiet); display: block; font-size: .85rem; }`;

/** The report as one page that loads nothing, runs nothing and can be read by everybody. */
export function pageOf(report: DriftReport): string {
  const { accounts, checkedAt } = report;
  const stacks = [...report.stacks].sort((a, b) => URGENCY.indexOf(a.result) - URGENCY.indexOf(b.result));
  const told = accounts.filter((account) => linesOf(account).length > 0);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Drift: ${report.result}</title><style>${raw(STYLE)}</style></head>
<body>
<header><h1>Drift of ${stacks.length} stacks</h1>
<p>${resultOf(report.result)}: ${summaryOf(report).replace(/^.*?: /, "")}. Looked at since <time>${checkedAt}</time>.</p></header>
<main>
<section><h2>The fleet at a glance</h2>${glance(stacks)}</section>
<section><h2>Client secrets in time</h2>${timeline(stacks, checkedAt)}</section>
<section><h2>Accounts</h2>
${told.length === 0 ? html`<p>No account holds anything that no stack owns.</p>` : ""}
${told.map((account) => html`<h3>Account ${account.accountId}</h3><p>${resultOf(account.result)}</p>${list(linesOf(account))}`)}
</section>
<section><h2>Stacks</h2>${stacks.map(section)}</section>
</main>
</body>
</html>
`;
  return String(page);
}

/** What needs somebody comes first. */
const URGENCY: readonly Result[] = ["drift", "could not tell", "as declared"];

/** Said in words: colour alone tells not everybody. */
function resultOf(result: Result) {
  return html`<strong class="r-${result.split(" ")[0]}">${result}</strong>`;
}

const anchorOf = (stack: string) => `stack-${encodeURIComponent(stack)}`;
const linkTo = (stack: string) => html`<a href="#${encodeURIComponent(anchorOf(stack))}">${stack}</a>`;
const list = (lines: readonly string[]) =>
  lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : "";

function scrolling(label: string, table: ReturnType<typeof html>) {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

function glance(stacks: readonly StackDrift[]) {
  const rows = stacks.map((stack) => {
    const [, , ...cells] = rowOf(stack);
    return html`<tr><th scope="row">${linkTo(stack.stack)}</th><td>${resultOf(stack.result)}</td>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return scrolling(
    "The fleet",
    html`<table><caption>One row for each stack; what needs somebody comes first</caption>
<thead><tr>${COLUMNS.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

const DAY = 24 * 60 * 60 * 1000;
/** What counts as soon, in days: as the stack itself warns. */
const SOON = 14;

/** The next to expire comes first. */
function timeline(stacks: readonly StackDrift[], checkedAt: string) {
  const now = Date.parse(checkedAt);
  const secrets = stacks
    .flatMap((drift) =>
      rotationsOf(drift).map(({ tenant, rotation }) => {
        const whose = tenant === OWN_TENANT ? "" : ` (${tenant})`;
        return { stack: drift.stack, whose, ...rotation, end: Date.parse(rotation.expiresAt) };
      }),
    )
    .sort((a, b) => a.end - b.end);
  if (secrets.length === 0) return html`<p>No state says which client secret is in use.</p>`;
  const longest = Math.max(DAY, ...secrets.map(({ end }) => end - now));
  const rows = secrets.map(({ stack, whose, due, dueAt, expiresAt, end }) => {
    const days = Math.floor((end - now) / DAY);
    const width = Math.max(1, Math.round(((end - now) / longest) * 200));
    return html`<tr><th scope="row">${linkTo(stack)}${whose}</th><td>${due ? "due" : dayOf(dueAt)}</td><td>${dayOf(expiresAt)}</td>
<td>${days < 0 ? "expired" : days}</td><td aria-hidden="true"><svg width="200" height="10"><rect width="${width}" height="10" class="${days < SOON ? "soon" : ""}"/></svg></td></tr>`;
  });
  return scrolling(
    "Client secrets",
    html`<table><caption>The next to expire comes first</caption>
<thead><tr><th scope="col">stack</th><th scope="col">next rotation</th><th scope="col">expires</th><th scope="col">days left</th><td aria-hidden="true"></td></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function section(stack: StackDrift) {
  return html`<section id="${anchorOf(stack.stack)}"><h3>${stack.stack}</h3><p>${resultOf(stack.result)}</p>
${list(linesOf(stack))}${topology(stack)}</section>`;
}

function topology({ topology: found, tenantId, teamName }: StackDrift) {
  if (!found) return "";
  const steps: [what: string, names: readonly string[]][] = [
    ["tenant", tenantId ? [tenantId] : []],
    ["app registration", [found.application]],
    [`identity provider${teamName ? ` of team ${teamName}` : ""}`, [found.identityProvider]],
    ["groups", found.groups],
    ["policies", found.policies],
    ["applications", found.applications],
  ];
  const shown = steps.filter(([, names]) => names.length > 0);
  return html`<ol class="flow">${shown.map(
    ([what, names]) => html`<li><span>${what}</span>${names.length === 1 ? names[0] : list(names)}</li>`,
  )}</ol>`;
}
