import { Hono } from "hono";
import { html } from "hono/html";
import type { Clock } from "../clock";
import type { Faults } from "../faults/faults";
import { type Html, page } from "../http/page";
import type { TwinEnv, TwinRequest } from "../http/requests";
import type { Store } from "../store/store";
import { accountSection } from "./account";
import { faultTable, requestTable } from "./activity";
import { NOT_ENFORCED } from "./limits";
import { fromNow, moment } from "./moment";
import { STYLE } from "./style";
import { type Cell, code, facts, list, table } from "./table";
import { tenantSection } from "./tenant";

/** What the page shows; it changes none of it. */
export interface Shown {
  store: Store;
  clock: Clock;
  faults: Faults;
  requests: readonly TwinRequest[];
}

/** The twin's own page: everything that the clouds hold, and what was asked of them. */
export function homeApp(shown: Shown): Hono<TwinEnv> {
  return new Hono<TwinEnv>()
    .get("/", () => page({ title: "The twin", style: STYLE, body: home(shown) }))
    .all("*", (c) => c.text(`The twin has no page ${c.req.path}; its one page is at /.`, 404));
}

interface Section {
  id: string;
  title: string;
  content: Html;
}

function home({ store, clock, faults, requests }: Shown): Html {
  const sections: Section[] = [
    ...[...store.accounts.values()].map((account, index) => {
      const id = `account-${index + 1}`;
      return {
        id,
        title: `Account ${account.organization.name}`,
        content: accountSection(store, account, id),
      };
    }),
    ...[...store.tenants.values()].map((tenant, index) => {
      const id = `tenant-${index + 1}`;
      return { id, title: `Tenant ${tenant.displayName}`, content: tenantSection(store, tenant, id) };
    }),
    titled("requests", "Last requests", requestTable(requests)),
    titled("faults", "Faults", faultTable(faults.list)),
    titled("clock", "Time", time(store, clock)),
    titled("places", "Where requests come from", places(store)),
    titled("limits", "What the twin does not enforce", list(NOT_ENFORCED)),
  ];
  const isEmpty = store.accounts.size + store.tenants.size === 0;
  return html`<a class="skip" href="#content">Skip to the content</a>
<header><h1>The twin of Microsoft Entra and Cloudflare Access</h1>
<p>Both clouds on this machine, as strict as the originals. Nothing here is real, and nothing leaves the machine.</p>
<p>As of ${moment(store.now().toISOString())}, the twin's time. <a href="/">Load again</a></p>
<nav aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav></header>
<main id="content" tabindex="-1">${isEmpty ? html`<p>The twin holds no tenant and no account: reset it with a seed that has some.</p>` : ""}${sections.map(({ content }) => content)}</main>
<footer><p>Secrets are never shown here, but for one-time PINs, which are in the mail. What is on this page is invented, or was made by programs on this machine.</p></footer>`;
}

function titled(id: string, title: string, content: Cell): Section {
  return {
    id,
    title,
    content: html`<section id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${title}</h2>${content}</section>`,
  };
}

function places(store: Store): Html {
  return table({
    title: "Places",
    columns: ["Connections from", "Are taken for", "Country"],
    rows: [...store.places],
    cells: ([address, { ip = address, country = "not known" }]) => [code(address), code(ip), country],
    empty: html`Every request comes from the address that it is made from, in no known country. A seed says otherwise, and so does the control API (<code>PUT /places</code>).`,
  });
}

function time(store: Store, clock: Clock): Html {
  const now = store.now();
  const system = new Date(now.getTime() - clock.offset);
  return facts({
    "The twin's time": moment(now.toISOString()),
    Moved:
      clock.offset === 0
        ? "no: it is this machine's time"
        : `this machine's time was ${fromNow(now, system)}`,
    "New client secrets work":
      store.secretDelaySeconds === 0 ? "at once" : `after ${store.secretDelaySeconds} seconds`,
  });
}
