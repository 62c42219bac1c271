import { html, raw } from "hono/html";
import type { Html } from "../http/page";

/** The contents of a cell: text, which is escaped, or HTML. */
export type Cell = string | number | Html;

/** The maximum number of items to show; the rest is counted. */
const MOST = 100;

/** Renders the first items of a list and the number of the others. */
export function renderFirst<T>(
  items: readonly T[],
  show: (item: T) => Cell,
  around: (shown: Cell[]) => Cell,
): Html {
  const more = items.length - MOST;
  const rest = more > 0 ? html`<p>and ${more} more, which the API lists</p>` : "";
  return html`${around(items.slice(0, MOST).map(show))}${rest}`;
}

/**
 * Renders a table with a heading, which can be scrolled by keyboard when it is wider than the screen. The first cell of
 * each row is its header.
 *
 * @param o.level of the heading
 * @param o.empty replaces a table without rows
 */
export function renderTable<T>(o: {
  title: string;
  level?: 3 | 5;
  columns: string[];
  rows: readonly T[];
  cells: (row: T) => Cell[];
  empty: Cell;
}): Html {
  const { title, level = 3, columns, rows, cells, empty } = o;
  const tag = raw(`h${level}`);
  const heading = html`<${tag}>${title}</${tag}>`;
  if (rows.length === 0) return html`${heading}<p class="empty">${empty}</p>`;
  const row = ([first, ...others]: Cell[]) =>
    html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  return renderFirst(
    rows,
    (each) => row(cells(each)),
    (shown) => html`<div class="scroll" role="group" aria-label="${title}" tabindex="0">
<table><caption>${heading}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${shown}</tbody></table></div>`,
  );
}

/** Renders names and values as a description list. */
export function renderFacts(pairs: Record<string, Cell>): Html {
  return html`<dl>${Object.entries(pairs).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Renders a list, or `none` when it is empty. */
export function renderList(items: readonly Cell[], none = "none"): Cell {
  if (items.length === 0) return none;
  return renderFirst(
    items,
    (item) => html`<li>${item}</li>`,
    (shown) => html`<ul>${shown}</ul>`,
  );
}

/** Renders a key or an id. */
export function renderCode(text: string): Html {
  return html`<code>${text}</code>`;
}
