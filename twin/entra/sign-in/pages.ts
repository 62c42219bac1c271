import { html } from "hono/html";
import { type Html, renderCardPage } from "../../http/page";
import type { AppRegistration, EntraTenant, User } from "../../store/entra/tenant";
import type { SignInError } from "../errors";
import type { PermissionText } from "../permission-texts/texts";
import { getSignInName } from "./claims";

function renderEntraPage(title: string, status: number, content: unknown): Response {
  return renderCardPage({ title, status, content, service: "Microsoft Entra" });
}

/** Renders a page of the sign-in. @param error of the previous attempt, which stands below the heading */
function renderSignInForm(heading: Html, form: Html, error?: string): Response {
  const refusal = error === undefined ? "" : html`<p class="error" role="alert">${error}</p>`;
  return renderEntraPage(
    "Sign in to your account",
    error === undefined ? 200 : 400,
    html`${heading}
${refusal}
${form}`,
  );
}

/** Renders the account picker. @param error of the previous choice */
export function renderAccountPicker(o: {
  tenant: EntraTenant;
  application: AppRegistration;
  hint?: string | undefined;
  error?: string | undefined;
}): Response {
  const users = [...o.tenant.users.values()];
  const account = (
    user: User,
  ) => html`<button class="account" name="user" value="${user.id}">${user.displayName}<br>
<small>${getSignInName(user)}${user.userType === "Guest" ? " (guest)" : ""}</small></button>`;
  return renderSignInForm(
    html`<h1>Pick an account</h1>
<p>to continue to <strong>${o.application.displayName}</strong> in ${o.tenant.displayName}</p>`,
    html`<form method="post">${users.map(account)}</form>
<form method="post"><label for="name">Use another account</label>
<input id="name" name="user" type="text" autocomplete="username" required placeholder="someone@example.com" value="${o.hint ?? ""}">
<button class="main">Next</button></form>
<form method="post"><button name="cancel" value="1">Cancel</button></form>`,
    o.error,
  );
}

/** Renders the password form. @param error of the previous attempt */
export function renderPasswordForm(user: User, error?: string): Response {
  return renderSignInForm(
    html`<h1>Enter password</h1><p>${getSignInName(user)}</p>`,
    html`<form method="post"><input type="hidden" name="user" value="${user.id}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main">Sign in</button></form>
<form method="get"><button>Another account</button></form>
<p><small>Accounts and passwords are invented and come from the twin's seed. Accounts without a password skip this page.</small></p>`,
    error,
  );
}

/** Renders the second factor, with the buttons of the phone. @param error of the previous attempt */
export function renderSecondFactorForm(user: User, error?: string): Response {
  return renderSignInForm(
    html`<h1>Approve sign in request</h1><p>${getSignInName(user)}</p>`,
    html`<form method="post"><input type="hidden" name="user" value="${user.id}">
<p>Open your Authenticator app, and approve the request.</p>
<button class="main" name="second_factor" value="approve">Approve</button>
<button name="second_factor" value="deny">Deny</button></form>
<form method="get"><button>Another account</button></form>
<p><small>The twin also emulates the phone: in reality the two buttons are in the Authenticator app.</small></p>`,
    error,
  );
}

/** Renders the registration of a phone, which Entra asks for when a second factor is demanded for the first time. */
export function renderRegistrationForm(user: User): Response {
  return renderSignInForm(
    html`<h1>More information required</h1><p>${getSignInName(user)}</p>`,
    html`<p>Your organization needs more information to keep your account secure. Set up the Authenticator app.</p>
<form method="post"><button class="main" name="second_factor" value="register">Set up and approve</button>
<button name="cancel" value="1">Cancel</button></form>
<p><small>The twin also emulates the phone.</small></p>`,
  );
}

const renderPermissions = (permissions: PermissionText[]) =>
  html`<ul>${permissions.map(
    ({ name, title, description }) =>
      html`<li><details><summary>${title}</summary><small>${description} (${name})</small></details></li>`,
  )}</ul>`;

/** A request for consent. */
interface ConsentRequest {
  application: AppRegistration;
  user: User;
  permissions: PermissionText[];
}

/** Renders the consent form. @param o.forAllUsers offers consent for the organization */
export function renderConsentForm(o: ConsentRequest & { forAllUsers: boolean }): Response {
  return renderEntraPage(
    "Permissions requested",
    200,
    html`<p>${getSignInName(o.user)}</p><h1>Permissions requested</h1>
<p><strong>${o.application.displayName}</strong> would like to:</p>
${renderPermissions(o.permissions)}
<p>Accepting these permissions means that you allow this app to use your data as specified by its publisher.</p>
<form method="post">${
      o.forAllUsers
        ? html`<label><input type="checkbox" name="organization" value="1">Consent on behalf of your organization</label>`
        : ""
    }<button class="main" name="consent" value="accept">Accept</button>
<button name="cancel" value="1">Cancel</button></form>`,
  );
}

/** Renders the form for an administrator's consent on behalf of all users. */
export function renderAdminConsentForm(o: ConsentRequest): Response {
  return renderEntraPage(
    "Permissions requested",
    200,
    html`<p>${getSignInName(o.user)}</p><h1>Permissions requested</h1><p><strong>Accept for your organization</strong></p>
<p><strong>${o.application.displayName}</strong> would like to:</p>
${renderPermissions(o.permissions)}
<p>If you accept, this app gets access for all users in your organization. No one else will be asked.</p>
<form method="post"><button class="main" name="consent" value="accept">Accept</button>
<button name="cancel" value="1">Cancel</button></form>`,
  );
}

/** Renders the page for a user who may not consent. */
export function renderApprovalNeeded(o: ConsentRequest & { error: string }): Response {
  return renderEntraPage(
    "Need admin approval",
    403,
    html`<p>${getSignInName(o.user)}</p><h1>Need admin approval</h1>
<p><strong>${o.application.displayName}</strong> needs permission to access resources in your organization that only an admin can grant.
Please ask an admin to grant permission to this app before you can use it.</p>
${renderPermissions(o.permissions)}<p>${o.error}</p>
<form method="post"><button name="cancel" value="1">Return to the application without granting consent</button></form>`,
  );
}

/** Renders an error that is not reported to the application. */
export function renderSignInError(error: SignInError, now: Date): Response {
  const body = error.body(now);
  const [message = ""] = body.error_description.split(" Trace ID: ");
  return renderEntraPage(
    "Sign in to your account",
    error.status,
    html`<h1>Sign in</h1><p>Sorry, but we’re having trouble signing you in.</p>
<p class="error" role="alert">${message}</p>
<h2>Troubleshooting details</h2><dl><dt>Request Id</dt><dd>${body.trace_id}</dd>
<dt>Correlation Id</dt><dd>${body.correlation_id}</dd><dt>Timestamp</dt><dd>${body.timestamp}</dd></dl>`,
  );
}

/** Renders the answer for a feature that the twin does not serve. */
export function renderEntraNotServed(message: string): Response {
  return renderEntraPage(
    "Not implemented",
    501,
    html`<h1>Not implemented</h1><p role="alert">${message}</p>`,
  );
}

/** Renders the page after signing out. */
export function renderSignedOut(): Response {
  return renderEntraPage(
    "Sign out",
    200,
    html`<h1>You signed out of your account</h1><p>It's a good idea to close all browser windows.</p>`,
  );
}

/** Renders a reply to an application as a form, which the user submits because pages have no scripts. */
export function renderFormPost(redirectUri: string, fields: Record<string, string>): Response {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return renderEntraPage(
    "Continue",
    200,
    html`<h1>Continue to the application</h1>
<form method="post" action="${redirectUri}">${inputs}<button class="main" autofocus>Continue</button></form>`,
  );
}
