import { html, raw } from "hono/html";
import { OWN_IDENTITY_PROVIDER } from "../../config/access/rules";
import { DAY_MS } from "../days";
import {
  DRIFT_COLUMNS,
  formatDay,
  formatDriftLines,
  formatDriftRow,
  listRotations,
  summarizeDrift,
} from "./format";
import type { DriftReport, DriftResult, StackDrift } from "./report";

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
.r-drift { color: var(--bad); } .r-in-sync { color: var(--good); } .r-unknown { color: var(--unsure); }
.flow { display: flex; flex-wrap: wrap; list-style: none; padding: 0 0 0 1.5rem; gap: .5rem 1.75rem; }
.flow > li { border: 1px solid var(--line); padding: .25rem .75rem; position: relative; max-width: 100%; }
.flow > li + li::before { content: "\\2192" / ""; position: absolute; left: -1.4rem; }
.flow ul { margin: 0; padding-left: 1.1rem; } .flow span { color: var(--quiet); display: block; font-size: .85rem; }`;

/** Renders the report as one accessible HTML page without scripts and external resources. */
export function renderDriftPage(report: DriftReport): string {
  const { accounts, checkedAt } = report;
  const stacks = [...report.stacks].sort((a, b) => URGENCY.indexOf(a.result) - URGENCY.indexOf(b.result));
  const detailed = accounts.filter((account) => formatDriftLines(account).length > 0);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Drift: ${report.result}</title><style>${raw(STYLE)}</style></head>
<body>
<header><h1>Drift of ${stacks.length} stacks</h1>
<p>${renderResult(report.result)}: ${summarizeDrift(report)}. Checked at <time>${checkedAt}</time>.</p></header>
<main>
<section><h2>Overview</h2>${renderOverview(stacks)}</section>
<section><h2>Client secrets</h2>${renderClientSecrets(stacks, checkedAt)}</section>
<section><h2>Accounts</h2>
${detailed.length === 0 ? html`<p>No account has unmanaged objects.</p>` : ""}
${detailed.map((account) => html`<h3>Account ${account.accountId}</h3><p>${renderResult(account.result)}</p>${renderList(formatDriftLines(account))}`)}
</section>
<section><h2>Stacks</h2>${stacks.map(renderStack)}</section>
</main>
</body>
</html>
`;
  return String(page);
}

const URGENCY: readonly DriftResult[] = ["drift", "unknown", "in sync"];

/** Renders the result as text, as color alone is not accessible. */
function renderResult(result: DriftResult) {
  return html`<strong class="r-${result.replace(" ", "-")}">${result}</strong>`;
}

const createAnchor = (stack: string) => `stack-${encodeURIComponent(stack)}`;
const renderLink = (stack: string) =>
  html`<a href="#${encodeURIComponent(createAnchor(stack))}">${stack}</a>`;
const renderList = (lines: readonly string[]) =>
  lines.length > 0 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : "";

type Html = ReturnType<typeof html>;

function renderTable(
  label: string,
  caption: string,
  columns: readonly string[],
  rows: Html[],
  last: Html | "" = "",
) {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}${last}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function renderOverview(stacks: readonly StackDrift[]) {
  const rows = stacks.map((stack) => {
    const [, , ...cells] = formatDriftRow(stack);
    return html`<tr><th scope="row">${renderLink(stack.stack)}</th><td>${renderResult(stack.result)}</td>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return renderTable("Overview", "One row per stack; drift comes first", DRIFT_COLUMNS, rows);
}

/** The days before expiry at which the stack itself warns. */
const SOON = 14;

function renderClientSecrets(stacks: readonly StackDrift[], checkedAt: string) {
  const now = Date.parse(checkedAt);
  const secrets = stacks
    .flatMap((drift) =>
      listRotations(drift).map(({ signIn, rotation }) => {
        const suffix = signIn === OWN_IDENTITY_PROVIDER ? "" : ` (${signIn})`;
        return { stack: drift.stack, suffix, ...rotation, end: Date.parse(rotation.expiresAt) };
      }),
    )
    .sort((a, b) => a.end - b.end);
  if (secrets.length === 0) return html`<p>No state contains a client secret.</p>`;
  const longest = Math.max(DAY_MS, ...secrets.map(({ end }) => end - now));
  const rows = secrets.map(({ stack, suffix, due, dueAt, expiresAt, end }) => {
    const days = Math.floor((end - now) / DAY_MS);
    const width = Math.max(1, Math.round(((end - now) / longest) * 200));
    return html`<tr><th scope="row">${renderLink(stack)}${suffix}</th><td>${due ? "due" : formatDay(dueAt)}</td><td>${formatDay(expiresAt)}</td>
<td>${days < 0 ? "expired" : days}</td><td aria-hidden="true"><svg width="200" height="10"><rect width="${width}" height="10" class="${days < SOON ? "soon" : ""}"/></svg></td></tr>`;
  });
  const columns = ["stack", "next rotation", "expires", "days left"];
  const bars = html`<td aria-hidden="true"></td>`;
  return renderTable("Client secrets", "The next one to expire comes first", columns, rows, bars);
}

function renderStack(stack: StackDrift) {
  return html`<section id="${createAnchor(stack.stack)}"><h3>${stack.stack}</h3><p>${renderResult(stack.result)}</p>
${renderList(formatDriftLines(stack))}${renderTopology(stack)}</section>`;
}

function renderTopology({ topology, tenantId, teamName }: StackDrift) {
  if (!topology) return "";
  const steps: [kind: string, names: readonly string[]][] = [
    ["tenant", tenantId ? [tenantId] : []],
    ["app registration", [topology.application]],
    [`identity provider${teamName ? ` of team ${teamName}` : ""}`, [topology.identityProvider]],
    ["groups", topology.groups],
    ["policies", topology.policies],
    ["applications", topology.applications],
  ];
  const shown = steps.filter(([, names]) => names.length > 0);
  return html`<ol class="flow">${shown.map(
    ([kind, names]) =>
      html`<li><span>${kind}</span>${names.length === 1 ? names[0] : renderList(names)}</li>`,
  )}</ol>`;
}
