import type { Hono } from "hono";
import { html } from "hono/html";
import type { Clock } from "../clock";
import type { Faults } from "../faults/faults";
import { type Html, renderPage } from "../http/page";
import type { TwinEnv, TwinRequest } from "../http/requests";
import { createServiceApp } from "../http/routes";
import type { Store } from "../store/store";
import { renderAccountSection } from "./account";
import { renderFaultTable, renderRequestTable } from "./activity";
import { NOT_ENFORCED } from "./limits";
import { formatRelativeTime, renderMoment } from "./moment";
import { STYLE } from "./style";
import { type Cell, renderCode, renderFacts, renderList, renderTable } from "./table";
import { renderTenantSection } from "./tenant";

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
    serve: (_c, { handle }) => renderPage({ title: "The twin", style: STYLE, body: handle(shown) }),
    refuse: (c) => c.text(`The twin has no page ${c.req.path}; its only page is /.`, 404),
  });
}

interface Section {
  id: string;
  title: string;
  content: Html;
}

function renderHome({ store, clock, faults, requests }: HomePageData): Html {
  const sections: Section[] = [
    ...[...store.accounts.values()].map((account, index) => {
      const id = `account-${index + 1}`;
      return {
        id,
        title: `Account ${account.organization.name}`,
        content: renderAccountSection(store, account, id),
      };
    }),
    ...[...store.tenants.values()].map((tenant, index) => {
      const id = `tenant-${index + 1}`;
      return { id, title: `Tenant ${tenant.displayName}`, content: renderTenantSection(store, tenant, id) };
    }),
    createSection("requests", "Last requests", renderRequestTable(requests)),
    createSection("faults", "Faults", renderFaultTable(faults.list)),
    createSection("clock", "Time", renderTime(store, clock)),
    createSection("places", "Where requests come from", renderPlaces(store)),
    createSection("limits", "What the twin does not enforce", renderList(NOT_ENFORCED)),
  ];
  const isEmpty = store.accounts.size + store.tenants.size === 0;
  return html`<a class="skip" href="#content">Skip to the content</a>
<header><h1>The twin of Microsoft Entra and Cloudflare Access</h1>
<p>Both clouds on this machine, as strict as the originals. Nothing here is real, and nothing leaves the machine.</p>
<p>As of ${renderMoment(store.now().toISOString())}, the twin's time. <a href="/">Reload</a></p>
<nav aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav></header>
<main id="content" tabindex="-1">${isEmpty ? html`<p>The twin holds no tenant and no account. Reset it with a seed that has some.</p>` : ""}${sections.map(({ content }) => content)}</main>
<footer><p>This page never shows secrets, except for mailed one-time PINs. Its contents are invented, or were created by programs on this machine.</p></footer>`;
}

function createSection(id: string, title: string, content: Cell): Section {
  return {
    id,
    title,
    content: html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${title}</h2>${content}</section>`,
  };
}

function renderPlaces(store: Store): Html {
  return renderTable({
    title: "Places",
    columns: ["Connections from", "Seen as", "Country"],
    rows: [...store.places],
    cells: ([address, { ip = address, country = "unknown" }]) => [
      renderCode(address),
      renderCode(ip),
      country,
    ],
    empty: html`Every request is seen with its own address, in an unknown country. Change this in a seed, or with the control API (<code>PUT /places</code>).`,
  });
}

function renderTime(store: Store, clock: Clock): Html {
  const now = store.now();
  const system = new Date(now.getTime() - clock.offset);
  return renderFacts({
    "The twin's time": renderMoment(now.toISOString()),
    Offset:
      clock.offset === 0
        ? "none: it is this machine's time"
        : `this machine's time was ${formatRelativeTime(now, system)}`,
    "New client secrets are valid":
      store.secretDelaySeconds === 0 ? "at once" : `after ${store.secretDelaySeconds} seconds`,
  });
}
