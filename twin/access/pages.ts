import { html } from "hono/html";
import { plainPage } from "../http/page";
import type { AccessApplication, Account, IdentityProvider } from "../store/account";
import type { AccessError } from "./errors";
import type { Identity } from "./sign-in/identity";

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
${json({ name: provider.name, idpType: provider.type })}`,
  );
}

/** The choice of identity provider. @param o.links where each leads @param o.pinState for a one-time PIN, where it is one */
export function loginPage(o: {
  account: Account;
  application: AccessApplication;
  links: { name: string; url: string }[];
  pinState: string | undefined;
}): Response {
  const { name, authDomain } = o.account.organization;
  const choice = o.links.map((link) => html`<li><a href="${link.url}">${link.name}</a></li>`);
  return page(
    "Sign in ・ Cloudflare Access",
    200,
    html`<p>${name} <small>${authDomain}</small></p><h1>Sign in to ${o.application.name}</h1>
${choice.length > 0 ? html`<p>Sign in with:</p><ul>${choice}</ul>` : ""}
${o.pinState === undefined ? "" : addressForm(o.application, o.pinState)}
${
  choice.length === 0 && o.pinState === undefined
    ? html`<p class="error" role="alert">The application has no identity provider to sign in with.</p>`
    : ""
}`,
  );
}

const verifyCodePath = ({ domain }: AccessApplication) =>
  `/cdn-cgi/access/verify-code/${domain.replace(/\/.*/, "")}`;

function addressForm(application: AccessApplication, state: string) {
  return html`<p>Get a login code emailed to you</p>
<form method="post" action="${verifyCodePath(application)}"><input type="hidden" name="state" value="${state}">
<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" required>
<button class="main">Send me a code</button></form>`;
}

/** Asks for the code that was mailed, or was not: the page is the same. */
export function pinPage(o: { application: AccessApplication; email: string; state: string }): Response {
  return page(
    "Sign in ・ Cloudflare Access",
    200,
    html`<h1>A code has been emailed to you</h1><p>${o.email}</p>
<form method="post" action="${verifyCodePath(o.application)}"><input type="hidden" name="state" value="${o.state}">
<input type="hidden" name="email" value="${o.email}"><label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>
<button class="main">Sign in</button></form>
<p><small>Mail goes nowhere: the twin's own page shows it. Who may not enter gets none.</small></p>`,
  );
}

/** Asks somebody whom a policy lets in what they need the application for. */
export function purposePage(o: { application: AccessApplication; prompt: string; state: string }): Response {
  return page(
    "Purpose justification ・ Cloudflare Access",
    200,
    html`<h1>${o.application.name}</h1>
<form method="post" action="/cdn-cgi/access/purpose"><input type="hidden" name="state" value="${o.state}">
<label for="purpose">${o.prompt || "What do you need access for?"}</label>
<input id="purpose" name="purpose" required><button class="main">Continue</button></form>`,
  );
}

/** What is in the place of the application: who is let in, and what it would be told. */
export function protectedPage(o: {
  application: AccessApplication;
  identity?: Identity;
  token?: string;
  reason?: string;
}): Response {
  const { application, identity } = o;
  if (!identity) {
    return page(application.name, 200, html`<h1>${application.name}</h1><p>${o.reason}</p>`);
  }
  return page(
    application.name,
    200,
    html`<h1>${application.name}</h1>
<p>You are <strong>${identity.name}</strong>, and Cloudflare Access let you in.</p>
<h2>What the application is told</h2>
<dl><dt>Cf-Access-Authenticated-User-Email</dt><dd>${identity.email}</dd>
<dt>Cf-Access-Jwt-Assertion</dt><dd><small>${o.token}</small></dd></dl>
<h2>What it may ask for</h2>${json(identity)}
<p><a href="/cdn-cgi/access/logout">Log out</a></p>`,
  );
}

/** @param rayId identifies the request in the account's log, where it is there */
function rayLine(rayId: string | undefined) {
  return rayId === undefined ? "" : html`<p><small>Ray ID: ${rayId}</small></p>`;
}

/** Tells somebody who is signed in that the policies keep them out. */
export function deniedPage(
  { name, settings }: AccessApplication,
  { email }: Identity,
  reason: string,
  rayId?: string,
): Response {
  const message = settings.custom_deny_message;
  return page(
    "Forbidden ・ Cloudflare Access",
    403,
    html`<h1>That account does not have access.</h1>
<p role="alert" class="error">${typeof message === "string" ? message : `${email} may not see ${name}.`}</p>
<p>${reason}</p><p><a href="/cdn-cgi/access/logout">Log out</a></p>${rayLine(rayId)}`,
  );
}

export function loggedOutPage(): Response {
  return page("Logged out", 200, html`<h1>You have been logged out</h1><p>Of all applications.</p>`);
}

/** A refusal. */
export function errorPage(error: AccessError, rayId?: string): Response {
  return page(
    "Error ・ Cloudflare Access",
    error.status,
    html`<h1>Error</h1><p class="error" role="alert">${error.message}</p>
${rayLine(rayId)}`,
  );
}

/** Something that the twin cannot judge. */
export function notServedPage(message: string): Response {
  return page("Not implemented", 501, html`<h1>Not implemented</h1><p role="alert">${message}</p>`);
}
