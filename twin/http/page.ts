import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** Styles of all pages: colors of sufficient contrast (WCAG 2.2 AA) in light and dark mode, and a visible focus. */
const COLORS = `
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #5e5e5e; --paper: #fff; --ground: #f2f2f2;
  --line: #767676; --accent: #0062ad; --on-accent: #fff; --error: #a4262c; --good: #0b6a0b; }
@media (prefers-color-scheme: dark) { :root { --text: #f2f2f2; --quiet: #bdbdbd; --paper: #212121; --ground: #141414;
  --line: #949494; --accent: #79bdf7; --on-accent: #101010; --error: #ff9ba3; --good: #7fd67f; } }
body { font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; margin: 0; background: var(--ground); color: var(--text); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }`;

const CARD = `
main { max-width: 28rem; margin: 3rem auto; padding: 2rem; background: var(--paper); box-shadow: 0 2px 6px #0003; }
h1 { font-size: 1.5rem; font-weight: 600; margin: .5rem 0 1rem; }
button, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); }
button { padding: .5rem 1rem; cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.account { display: block; width: 100%; text-align: left; margin: .25rem 0; }
input { padding: .4rem; width: 100%; box-sizing: border-box; margin: .25rem 0 1rem; }
input[type="checkbox"] { width: auto; margin: 0 .5rem 1rem 0; }
small { color: var(--quiet); overflow-wrap: anywhere; } pre { overflow: auto; }
p, li, dl { overflow-wrap: anywhere; } ul { padding-left: 1.2rem; } .error { color: var(--error); } dt { font-weight: 600; }`;

/** The result of the template tag of `hono/html`, which escapes interpolated text. */
export type Html = ReturnType<typeof html>;

/**
 * Renders an HTML page. Every page works without scripts, loads nothing and cannot be framed.
 *
 * @param page.style CSS in addition to the common styles
 */
export function renderPage(page: { title: string; status?: number; style: string; body: Html }): Response {
  const style = COLORS + page.style;
  const document = html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${page.title}</title>
<style>${raw(style)}</style></head>
<body>${page.body}</body>
</html>`;
  const hash = createHash("sha256").update(style).digest("base64");
  return new Response(String(document), {
    status: page.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store, no-cache",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}

/**
 * Renders a page of an emulated service as a centered card.
 *
 * @param card.service for example `Microsoft Entra`
 */
export function renderCardPage(card: {
  title: string;
  status: number;
  content: unknown;
  service: string;
}): Response {
  const note = html`<hr><small>This is the twin of ${card.service} on this machine. Nothing you enter leaves it.</small>`;
  return renderPage({ ...card, style: CARD, body: html`<main>${card.content}${note}</main>` });
}
