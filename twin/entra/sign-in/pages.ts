import { html } from "hono/html";
import { plainPage } from "../../http/page";
import type { Application, Tenant, User } from "../../store/tenant";
import type { SignInError } from "../errors";
import type { PermissionText } from "../permission-texts/texts";
import { signInName } from "./claims";

function page(title: string, status: number, content: unknown): Response {
  return plainPage({ title, status, content, of: "Microsoft Entra" });
}

/** The account picker. @param error what was wrong with the last choice */
export function accountPage(o: {
  tenant: Tenant;
  application: Application;
  hint?: string | undefined;
  error?: string | undefined;
}): Response {
  const users = [...o.tenant.users.values()];
  const account = (
    user: User,
  ) => html`<button class="account" name="user" value="${user.id}">${user.displayName}<br>
<small>${signInName(user)}${user.userType === "Guest" ? " (guest)" : ""}</small></button>`;
  return page(
    "Sign in to your account",
    o.error === undefined ? 200 : 400,
    html`<h1>Pick an account</h1>
<p>to continue to <strong>${o.application.displayName}</strong> in ${o.tenant.displayName}</p>
${o.error === undefined ? "" : html`<p class="error" role="alert">${o.error}</p>`}
<form method="post">${users.map(account)}</form>
<form method="post"><label for="name">Use another account</label>
<input id="name" name="user" type="text" autocomplete="username" required placeholder="someone@example.com" value="${o.hint ?? ""}">
<button class="main">Next</button></form>
<form method="post"><button name="cancel" value="1">Cancel</button></form>`,
  );
}

/** Asks for the password of an account. @param error what was wrong with the last one */
export function passwordPage(user: User, error?: string): Response {
  return page(
    "Sign in to your account",
    error === undefined ? 200 : 400,
    html`<h1>Enter password</h1><p>${signInName(user)}</p>
${error === undefined ? "" : html`<p class="error" role="alert">${error}</p>`}
<form method="post"><input type="hidden" name="user" value="${user.id}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main">Sign in</button></form>
<form method="get"><button>Another account</button></form>
<p><small>The accounts and passwords are invented; the twin's seed lists them. An account without one is not asked for it.</small></p>`,
  );
}

/** Asks for the second factor, on the phone that the twin plays. @param error what was wrong with the last answer */
export function secondFactorPage(user: User, error?: string): Response {
  return page(
    "Sign in to your account",
    error === undefined ? 200 : 400,
    html`<h1>Approve sign in request</h1><p>${signInName(user)}</p>
${error === undefined ? "" : html`<p class="error" role="alert">${error}</p>`}
<form method="post"><input type="hidden" name="user" value="${user.id}">
<p>Open your Authenticator app, and approve the request.</p>
<button class="main" name="second_factor" value="approve">Approve</button>
<button name="second_factor" value="deny">Deny</button></form>
<form method="get"><button>Another account</button></form>
<p><small>The twin plays the phone too: in life these two buttons are on it.</small></p>`,
  );
}

const list = (permissions: PermissionText[]) =>
  html`<ul>${permissions.map(
    ({ name, title, description }) =>
      html`<li><details><summary>${title}</summary><small>${description} (${name})</small></details></li>`,
  )}</ul>`;

/** Who is asked for what. */
interface Asked {
  application: Application;
  user: User;
  permissions: PermissionText[];
}

/** Asks a person for consent. @param forEverybody whether they may give it for their organization */
export function consentPage(o: Asked & { forEverybody: boolean }): Response {
  return page(
    "Permissions requested",
    200,
    html`<p>${signInName(o.user)}</p><h1>Permissions requested</h1>
<p><strong>${o.application.displayName}</strong> would like to:</p>
${list(o.permissions)}
<p>Accepting these permissions means that you allow this app to use your data as its owner says.</p>
<form method="post">${
      o.forEverybody
        ? html`<label><input type="checkbox" name="organization" value="1">Consent on behalf of your organization</label>`
        : ""
    }<button class="main" name="consent" value="accept">Accept</button>
<button name="cancel" value="1">Cancel</button></form>`,
  );
}

/** Asks an administrator for consent on behalf of everybody. */
export function adminConsentPage(o: Asked): Response {
  return page(
    "Permissions requested",
    200,
    html`<p>${signInName(o.user)}</p><h1>Permissions requested</h1><p><strong>Accept for your organization</strong></p>
<p><strong>${o.application.displayName}</strong> would like to:</p>
${list(o.permissions)}
<p>If you accept, this app gets access for all people of your organization, and nobody else is asked.</p>
<form method="post"><button class="main" name="consent" value="accept">Accept</button>
<button name="cancel" value="1">Cancel</button></form>`,
  );
}

/** Tells a person that only an administrator can consent. */
export function approvalPage(o: Asked & { error: Record<string, unknown> }): Response {
  return page(
    "Need admin approval",
    403,
    html`<p>${signInName(o.user)}</p><h1>Need admin approval</h1>
<p><strong>${o.application.displayName}</strong> needs permission to access resources in your organization that only an admin can grant.
Please ask an admin to grant permission to this app before you can use it.</p>
${list(o.permissions)}<p>${o.error.error_description}</p>
<form method="post"><button name="cancel" value="1">Return to the application without granting consent</button></form>`,
  );
}

/** A refusal that the application does not hear of. */
export function errorPage(error: SignInError, now: Date): Response {
  const body = error.body(now);
  const [message = ""] = String(body.error_description).split(" Trace ID: ");
  return page(
    "Sign in to your account",
    error.status,
    html`<h1>Sign in</h1><p>Sorry, but we’re having trouble signing you in.</p>
<p class="error" role="alert">${message}</p>
<h2>Troubleshooting details</h2><dl><dt>Request Id</dt><dd>${body.trace_id}</dd>
<dt>Correlation Id</dt><dd>${body.correlation_id}</dd><dt>Timestamp</dt><dd>${body.timestamp}</dd></dl>`,
  );
}

/** Something that the twin cannot judge. */
export function notServedPage(message: string): Response {
  return page("Not implemented", 501, html`<h1>Not implemented</h1><p role="alert">${message}</p>`);
}

/** Says that nobody is signed in any more. */
export function signedOutPage(): Response {
  return page(
    "Sign out",
    200,
    html`<h1>You signed out of your account</h1><p>It's a good idea to close all browser windows.</p>`,
  );
}

/** Hands an answer to an application as a form, which a person can send where there are no scripts. */
export function formPostPage(redirectUri: string, fields: Record<string, string>): Response {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return page(
    "Continue",
    200,
    html`<h1>Continue to the application</h1>
<form method="post" action="${redirectUri}">${inputs}<button class="main" autofocus>Continue</button></form>`,
  );
}
