import { createHash } from "node:crypto";
import { html } from "hono/html";
import { renderCardPage, renderPage } from "../../../twin/http/page";

const HOSTILE = `"><script>alert('1')</script>&amp;`;

test("escapes text everywhere in a page", async () => {
  const answer = renderCardPage({
    title: HOSTILE,
    status: 403,
    content: html`<p>${HOSTILE}</p>`,
    service: HOSTILE,
  });
  const text = await answer.text();
  expect(answer.status).toBe(403);
  expect(text).not.toContain("<script");
  expect(text.match(/&lt;script&gt;alert\(&#39;1&#39;\)/g)).toHaveLength(3);
});

test("forbids scripts, loading, framing and caching", async () => {
  const answer = renderPage({ title: "", style: "main { color: red; }", body: html`<main></main>` });
  const style = /<style>(.*)<\/style>/s.exec(await answer.text())?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  expect(style).toContain("main { color: red; }");
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`,
    "cache-control": "no-store, no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
});
