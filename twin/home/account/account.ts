import { html } from "hono/html";
import type { Html } from "../../http/page";
import type { AccessRequest, Account, PinMail } from "../../store/cloudflare/account";
import type { Store } from "../../store/store";
import { renderFlows } from "../flow";
import { renderMoment } from "../moment";
import { createTable, type Details, renderCode, renderDetails, renderFacts } from "../table";
import { createNetworkTables } from "./networks";
import { createPeopleTables } from "./people";
import { createProtectionTables } from "./protection";

/** Renders the contents of a Cloudflare account. */
export function renderAccount(store: Store, account: Account): Html {
  return html`${renderFacts({ "Team domain": account.organization.authDomain, "Account ID": renderCode(account.id) })}
${renderFlows(store, account)}
${renderDetails([
  ...createProtectionTables(store, account),
  ...createNetworkTables(account),
  ...createPeopleTables(account),
  createSignInTable([...account.accessRequests.values()]),
  createMailTable(store, [...account.mails.values()]),
])}`;
}

/** Describes the access log of an account, newest first. */
function createSignInTable(log: readonly AccessRequest[]): Details {
  const refused = log.filter(({ allowed }) => !allowed).length;
  return createTable({
    title: "Sign-in log",
    alert: refused > 0 ? `${refused} refused` : undefined,
    columns: ["Time", "User", "Application", "Action", "Result", "Ray ID"],
    rows: [...log].reverse(),
    cells: ({ createdAt, userEmail, appDomain, action, purpose, allowed, rayId }) => [
      renderMoment(createdAt),
      userEmail || "unknown",
      appDomain,
      purpose === undefined ? action : `${action}: ${purpose}`,
      allowed ? "allowed" : html`<strong class="error">refused</strong>`,
      renderCode(rayId),
    ],
    empty: "No sign-ins yet. Press Test for an identity provider, or open a protected application.",
  });
}

/** Describes the one-time PINs that Access mailed, newest first. */
function createMailTable(store: Store, mails: readonly PinMail[]): Details {
  const state = ({ usedAt, expiresAt }: PinMail) => {
    if (usedAt !== undefined) return "used";
    return Date.parse(expiresAt) <= store.now().getTime() ? "expired" : "valid";
  };
  return createTable({
    title: "Mail",
    columns: ["To", "One-time PIN", "Sent", "State"],
    rows: [...mails].reverse(),
    cells: (mail) => [mail.to, renderCode(mail.pin), renderMoment(mail.sentAt), state(mail)],
    empty: "No one-time PIN has been mailed: no admitted user has requested one.",
  });
}
