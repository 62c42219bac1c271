import { html } from "hono/html";
import { renderCardPage } from "../http/page";
import type { AccessApplication, Account, IdentityProviderRecord } from "../store/cloudflare/account";
import type { AccessError } from "./errors";
import type { Identity } from "./sign-in/identity";

function renderAccessPage(title: string, status: number, content: unknown): Response {
  return renderCardPage({ title, status, content, service: "Cloudflare Access" });
}

const renderJson = (value: object) => html`<pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>`;

/** Renders the result of the dashboard's Test button: https://developers.cloudflare.com/cloudflare-one/integrations/identity-providers/#test-idps-in-cloudflare-one */
export function renderConnectionWorks(provider: IdentityProviderRecord, identity: Identity): Response {
  const { groups } = identity;
  return renderAccessPage(
    "Your connection works!",
    200,
    html`<h1>Your connection works!</h1>
<dl><dt>Identity provider</dt><dd>${provider.name}</dd>
<dt>Name</dt><dd>${identity.name}</dd><dt>Email</dt><dd>${identity.email}</dd>
<dt>Groups</dt><dd>${groups ? renderGroups(groups) : "not requested"}</dd></dl>
<h2>What the identity provider returned</h2>${renderJson(identity)}`,
  );
}

function renderGroups(groups: NonNullable<Identity["groups"]>) {
  if (groups.length === 0) return "none";
  return html`<ul>${groups.map(({ id, name }) => html`<li>${name ?? "(name not readable)"} <small>${id}</small></li>`)}</ul>`;
}

/** Renders the same page for a failed sign-in. */
export function renderConnectionFailed(provider: IdentityProviderRecord, error: AccessError): Response {
  return renderAccessPage(
    "Your connection does not work",
    error.status,
    html`<h1>Your connection does not work</h1><p class="error" role="alert">${error.message}</p>
${renderJson({ name: provider.name, idpType: provider.type })}`,
  );
}

/** Renders the choice of identity providers. @param o.pinState the state for a one-time PIN, if it is one of them */
export function renderLogin(o: {
  account: Account;
  application: AccessApplication;
  links: { name: string; url: string }[];
  pinState: string | undefined;
}): Response {
  const { name, authDomain } = o.account.organization;
  const choice = o.links.map((link) => html`<li><a href="${link.url}">${link.name}</a></li>`);
  return renderAccessPage(
    "Sign in ・ Cloudflare Access",
    200,
    html`<p>${name} <small>${authDomain}</small></p><h1>Sign in to ${o.application.name}</h1>
${choice.length > 0 ? html`<p>Sign in with:</p><ul>${choice}</ul>` : ""}
${o.pinState === undefined ? "" : renderAddressForm(o.application, o.pinState)}
${
  choice.length === 0 && o.pinState === undefined
    ? html`<p class="error" role="alert">The application has no identity provider to sign in with.</p>`
    : ""
}`,
  );
}

const verifyCodePath = ({ domain }: AccessApplication) =>
  `/cdn-cgi/access/verify-code/${domain.replace(/\/.*/, "")}`;

function renderAddressForm(application: AccessApplication, state: string) {
  return html`<p>Get a login code emailed to you</p>
<form method="post" action="${verifyCodePath(application)}"><input type="hidden" name="state" value="${state}">
<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" required>
<button class="main">Send me a code</button></form>`;
}

/** Renders the form for the code. It does not reveal if the code was mailed. */
export function renderPinForm(o: { application: AccessApplication; email: string; state: string }): Response {
  return renderAccessPage(
    "Sign in ・ Cloudflare Access",
    200,
    html`<h1>A code has been emailed to you</h1><p>${o.email}</p>
<form method="post" action="${verifyCodePath(o.application)}"><input type="hidden" name="state" value="${o.state}">
<input type="hidden" name="email" value="${o.email}"><label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>
<button class="main">Sign in</button></form>
<p><small>The twin delivers no mail: its home page shows the code, if the policies admit this address.</small></p>`,
  );
}

/** Renders the form that asks an admitted user for the purpose of the access. */
export function renderPurposeForm(o: {
  application: AccessApplication;
  prompt: string;
  state: string;
}): Response {
  return renderAccessPage(
    "Purpose justification ・ Cloudflare Access",
    200,
    html`<h1>${o.application.name}</h1>
<form method="post" action="/cdn-cgi/access/purpose"><input type="hidden" name="state" value="${o.state}">
<label for="purpose">${o.prompt || "What do you need access for?"}</label>
<input id="purpose" name="purpose" required><button class="main">Continue</button></form>`,
  );
}

/** Renders a page in place of the application: the admitted user, and the headers that it would receive. */
export function renderProtected(o: {
  application: AccessApplication;
  identity?: Identity;
  token?: string;
  reason?: string;
}): Response {
  const { application, identity } = o;
  if (!identity) {
    return renderAccessPage(application.name, 200, html`<h1>${application.name}</h1><p>${o.reason}</p>`);
  }
  return renderAccessPage(
    application.name,
    200,
    html`<h1>${application.name}</h1>
<p>You are <strong>${identity.name}</strong>, and Cloudflare Access let you in.</p>
<h2>Headers for the application</h2>
<dl><dt>Cf-Access-Authenticated-User-Email</dt><dd>${identity.email}</dd>
<dt>Cf-Access-Jwt-Assertion</dt><dd><small>${o.token}</small></dd></dl>
<h2>Identity for the application</h2>${renderJson(identity)}
<p><a href="/cdn-cgi/access/logout">Log out</a></p>`,
  );
}

/** Renders the id under which the request is in the account's access log. */
function renderRayId(rayId: string | undefined) {
  return rayId === undefined ? "" : html`<p><small>Ray ID: ${rayId}</small></p>`;
}

/** Renders the refusal of a signed-in user. */
export function renderDenied(
  { name, settings }: AccessApplication,
  { email }: Identity,
  reason: string,
  rayId?: string,
): Response {
  const message = settings.custom_deny_message;
  return renderAccessPage(
    "Forbidden ・ Cloudflare Access",
    403,
    html`<h1>That account does not have access.</h1>
<p role="alert" class="error">${typeof message === "string" ? message : `${email} may not see ${name}.`}</p>
<p>${reason}</p><p><a href="/cdn-cgi/access/logout">Log out</a></p>${renderRayId(rayId)}`,
  );
}

export function renderLoggedOut(): Response {
  return renderAccessPage(
    "Logged out",
    200,
    html`<h1>You have been logged out</h1><p>Of all applications.</p>`,
  );
}

/** Renders an error. */
export function renderAccessError(error: AccessError, rayId?: string): Response {
  return renderAccessPage(
    "Error ・ Cloudflare Access",
    error.status,
    html`<h1>Error</h1><p class="error" role="alert">${error.message}</p>
${renderRayId(rayId)}`,
  );
}

/** Renders the answer for a feature that the twin does not serve. */
export function renderAccessNotServed(message: string): Response {
  return renderAccessPage(
    "Not implemented",
    501,
    html`<h1>Not implemented</h1><p role="alert">${message}</p>`,
  );
}
