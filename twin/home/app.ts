import type { Hono } from "hono";
import { html } from "hono/html";
import type { Clock } from "../clock";
import type { Faults } from "../faults/faults";
import { type Html, renderPage } from "../http/page";
import type { TwinEnv, TwinRequest } from "../http/requests";
import { createServiceApp } from "../http/routes";
import type { Store } from "../store/store";
import { renderAccount } from "./account/account";
import { renderMoment } from "./moment";
import { type RequestFilter, renderRequests } from "./requests";
import { renderSelf } from "./self";
import { STYLE } from "./style";
import { renderTenant } from "./tenant";

/** The data that the page shows (read-only). */
export interface HomePageData {
  store: Store;
  clock: Clock;
  faults: Faults;
  requests: readonly TwinRequest[];
}

/** Creates the twin's own page: the contents of both clouds, and the requests to them. */
export function createHomeApp(shown: HomePageData): Hono<TwinEnv> {
  return createServiceApp({
    routes: [{ call: "GET /", handle: renderHome }],
    serve: (c, { handle }) =>
      renderPage({ title: "The twin", style: STYLE, body: handle(shown, c.req.query()) }),
    refuse: (c) => c.text(`The twin has no page ${c.req.path}; its only page is /.`, 404),
  });
}

interface Section {
  id: string;
  title: string;
  content: Html;
}

function renderHome(data: HomePageData, filter: RequestFilter): Html {
  const { store, requests } = data;
  const sections: Section[] = [
    ...[...store.accounts.values()].map((account, index) => ({
      id: `account-${index + 1}`,
      title: `Account ${account.organization.name}`,
      content: renderAccount(store, account),
    })),
    ...[...store.tenants.values()].map((tenant, index) => ({
      id: `tenant-${index + 1}`,
      title: `Tenant ${tenant.displayName}`,
      content: renderTenant(store, tenant),
    })),
    { id: "twin", title: "This twin", content: renderSelf(data) },
    { id: "requests", title: "Requests", content: renderRequests(requests, filter) },
  ];
  const isEmpty = store.accounts.size + store.tenants.size === 0;
  return html`<a class="skip" href="#content">Skip to the content</a>
<header><h1>The twin of Microsoft Entra and Cloudflare Access</h1>
<p>Both clouds on this machine, as strict as the originals. As of ${renderMoment(store.now().toISOString())}. <a href="">Reload</a></p>
<nav aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav></header>
<main id="content" tabindex="-1">${isEmpty ? html`<p>The twin holds no tenant and no account. Reset it with a seed that has some.</p>` : ""}${sections.map(
    ({ id, title, content }) =>
      html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${title}</h2>
${content}</section>
`,
  )}</main>
<footer><p>Nothing here is real, and nothing leaves the machine. This page never shows secrets, except for mailed one-time PINs.</p></footer>`;
}
