import { html } from "hono/html";
import type { Html } from "../http/page";

/** The contents of a cell: text, which is escaped, or HTML. */
export type Cell = string | number | Html;

/** The maximum number of items to show; the rest is counted. */
const MOST = 50;

/** A part of a section: its title and count are always visible, its content when it is open. */
export interface Details {
  title: string;
  count: number;
  /** A state that is worth a look without opening it, such as `2 refused`. */
  alert?: string | undefined;
  content: Cell;
}

/** Renders the first items of a list and the number of the others. */
export function renderFirst<T>(
  items: readonly T[],
  show: (item: T) => Cell,
  around: (shown: Cell[]) => Cell,
  most = MOST,
): Html {
  const more = items.length - most;
  const rest = more > 0 ? html`<p>and ${more} more</p>` : "";
  return html`${around(items.slice(0, most).map(show))}${rest}`;
}

/**
 * Describes a table, which can be scrolled by keyboard when it is wider than the screen. The first cell of each row is
 * its header.
 *
 * @param o.note precedes the table
 * @param o.empty replaces a table without rows
 */
export function createTable<T>(o: {
  title: string;
  alert?: string | undefined;
  columns: string[];
  rows: readonly T[];
  cells: (row: T) => Cell[];
  note?: string;
  empty: Cell;
}): Details {
  const { title, columns, rows, cells, note, empty, alert } = o;
  const count = rows.length;
  if (count === 0) return { title, count, alert, content: html`<p class="quiet">${empty}</p>` };
  const row = ([first, ...others]: Cell[]) =>
    html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  const content = renderFirst(
    rows,
    (each) => row(cells(each)),
    (
      shown,
    ) => html`${note ? html`<p>${note}</p>` : ""}<div class="scroll" role="group" aria-label="${title}" tabindex="0">
<table aria-label="${title}"><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${shown}</tbody></table></div>`,
  );
  return { title, count, alert, content };
}

/** Renders parts of a section as a row of counts that open. */
export function renderDetails(parts: readonly Details[], open = false): Html {
  return html`<div class="parts">${parts.map(
    ({ title, count, alert, content }) =>
      html`<details${open ? html` open` : ""}><summary${count === 0 ? html` class="quiet"` : ""}><h3>${title}</h3> <b>${count}</b>${alert ? html` <strong class="error">${alert}</strong>` : ""}</summary>
${content}</details>
`,
  )}</div>`;
}

/** Renders names and values as a description list. */
export function renderFacts(pairs: Record<string, Cell>): Html {
  return html`<dl>${Object.entries(pairs).map(([name, value]) => html`<div><dt>${name}</dt> <dd>${value}</dd></div> `)}</dl>`;
}

/** Renders a list, or `none` when it is empty. */
export function renderList(items: readonly Cell[], none: Cell = "none", most = MOST): Cell {
  if (items.length === 0) return none;
  return renderFirst(
    items,
    (item) => html`<li>${item}</li>`,
    (shown) => html`<ul>${shown}</ul>`,
    most,
  );
}

/** Renders a key or an id. */
export function renderCode(text: string): Html {
  return html`<code>${text}</code>`;
}
