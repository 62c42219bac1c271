import { html } from "hono/html";
import { plainPage } from "../page";
import type { IdentityProvider } from "../stored";
import type { AccessError } from "./errors";
import type { Identity } from "./identity";

function page(title: string, status: number, content: unknown): Response {
  return plainPage({ title, status, content, of: "Cloudflare Access" });
}

const json = (value: object) => html`<pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>`;

/** What the dashboard's Test button shows: https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/#test-idps-in-cloudflare-one */
export function connectionWorksPage(provider: IdentityProvider, identity: Identity): Response {
  const { groups } = identity;
  return page(
    "Your connection works!",
    200,
    html`<h1>Your connection works!</h1>
<dl><dt>Identity provider</dt><dd>${provider.name}</dd>
<dt>Name</dt><dd>${identity.name}</dd><dt>Email</dt><dd>${identity.email}</dd>
<dt>Groups</dt><dd>${groups ? groupList(groups) : "not asked for"}</dd></dl>
<h2>What the identity provider returned</h2>${json(identity)}`,
  );
}

function groupList(groups: NonNullable<Identity["groups"]>) {
  if (groups.length === 0) return "none";
  return html`<ul>${groups.map(({ id, name }) => html`<li>${name ?? "(name not readable)"} <small>${id}</small></li>`)}</ul>`;
}

/** The same page where the sign-in failed. */
export function connectionFailedPage(provider: IdentityProvider, error: AccessError): Response {
  return page(
    "Your connection does not work",
    error.status,
    html`<h1>Your connection does not work</h1><p class="error" role="alert">${error.message}</p>
${json({ name: provider.name, idpType: "azureAD" })}`,
  );
}

/** A refusal. @param rayId identifies the request in the account's log, where it is there */
export function errorPage(error: AccessError, rayId?: string): Response {
  return page(
    "Error ・ Cloudflare Access",
    error.status,
    html`<h1>Error</h1><p class="error" role="alert">${error.message}</p>
${rayId === undefined ? "" : html`<p><small>Ray ID: ${rayId}</small></p>`}`,
  );
}

/** Something that the twin cannot judge. */
export function notServedPage(message: string): Response {
  return page("Not implemented", 501, html`<h1>Not implemented</h1><p role="alert">${message}</p>`);
}
