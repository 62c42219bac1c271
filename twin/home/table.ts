import { html, raw } from "hono/html";
import type { Html } from "../http/page";

/** What stands in a cell: text, which is escaped, or HTML. */
export type Cell = string | number | Html;

/** As many as a person reads; the rest is counted. */
const MOST = 100;

/** The first of many, and how many more there are. */
export function some<T>(items: readonly T[], show: (item: T) => Cell, around: (shown: Cell[]) => Cell): Html {
  const more = items.length - MOST;
  const rest = more > 0 ? html`<p>and ${more} more, which the API lists</p>` : "";
  return html`${around(items.slice(0, MOST).map(show))}${rest}`;
}

/**
 * A table under a heading of its own that can be scrolled by keyboard where it is wider than the screen. The first
 * cell of a row names it.
 *
 * @param o.level of the heading
 * @param o.empty said in place of a table without rows
 */
export function table<T>(o: {
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
  return some(
    rows,
    (each) => row(cells(each)),
    (shown) => html`<div class="scroll" role="group" aria-label="${title}" tabindex="0">
<table><caption>${heading}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${shown}</tbody></table></div>`,
  );
}

/** Names and what they stand for. */
export function facts(pairs: Record<string, Cell>): Html {
  return html`<dl>${Object.entries(pairs).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A list, or a word for none. */
export function list(items: readonly Cell[], none = "none"): Cell {
  if (items.length === 0) return none;
  return some(
    items,
    (item) => html`<li>${item}</li>`,
    (shown) => html`<ul>${shown}</ul>`,
  );
}

/** A key or an id, which is to be read letter by letter. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}
