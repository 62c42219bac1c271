import { html } from "hono/html";
import type { ActiveFault, Fault } from "../faults/fault";
import type { Html } from "../http/page";
import type { TwinRequest } from "../http/requests";
import type { AccessRequest, PinMail } from "../store/account";
import type { Store } from "../store/store";
import { renderMoment } from "./moment";
import { renderCode, renderTable } from "./table";

/** The number of entries of a log that are shown. */
const LAST = 50;

/** Renders the most recent requests, newest first. */
export function renderRequestTable(requests: readonly TwinRequest[]): Html {
  return renderTable({
    title: `The last ${LAST}, newest first`,
    columns: ["Number", "Service", "Caller", "Request", "Status", "Faults"],
    rows: requests
      .map((request, index) => ({ ...request, number: index + 1 }))
      .slice(-LAST)
      .reverse(),
    cells: ({ number, service, caller, method, path, status, faults }) => [
      number,
      service,
      caller ?? "not recognized",
      renderCode(`${method} ${redactKeys(path)}`),
      status || "connection broken",
      faults?.join(", ") ?? "none",
    ],
    empty: "The twin has not received a request yet.",
  });
}

/** Removes the keys of sign-in sessions, which only the user's browser may know. */
function redactKeys(path: string): string {
  return path.replace(/\/(signin|authorize)\/[^/]+$/, "/$1/…");
}

/** Renders the access log of an account, newest first. */
export function renderSignInTable(of: string, log: readonly AccessRequest[]): Html {
  return renderTable({
    title: `Sign-in log of ${of}`,
    columns: ["Time", "User", "Application", "Action", "Result", "Ray ID"],
    rows: log.slice(-LAST).reverse(),
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

/** Renders the one-time PINs that Access mailed, newest first. */
export function renderMailTable(store: Store, of: string, mails: readonly PinMail[]): Html {
  const state = ({ usedAt, expiresAt }: PinMail) => {
    if (usedAt !== undefined) return "used";
    return Date.parse(expiresAt) <= store.now().getTime() ? "expired" : "valid";
  };
  return renderTable({
    title: `Mail from ${of}`,
    columns: ["To", "One-time PIN", "Sent", "State"],
    rows: mails.slice(-LAST).reverse(),
    cells: (mail) => [mail.to, renderCode(mail.pin), renderMoment(mail.sentAt), state(mail)],
    empty: "No one-time PIN has been mailed: no admitted user has requested one.",
  });
}

/** Renders the injected faults. */
export function renderFaultTable(faults: readonly ActiveFault[]): Html {
  return renderTable({
    title: "Active faults",
    columns: ["Fault", "Calls", "Effect", "Calls matched", "Calls affected", "Calls waiting"],
    rows: faults,
    cells: ({ id, fault, matched, used, held }) => [
      id,
      describeCalls(fault),
      describeEffect(fault),
      matched,
      used,
      held,
    ],
    empty: html`No fault is active. Add faults in a seed, or with the control API (<code>npm run twin -- --control</code>).`,
  });
}

function describeCalls({ on, count }: Fault): string {
  const which = [on.service, on.method, on.path].filter(Boolean).join(" ") || "any";
  if (!count) return which;
  if ("only" in count) return `${which}, number ${count.only}`;
  return "first" in count ? `${which}, the first ${count.first}` : `${which}, one in ${count.every}`;
}

/** Describes the effect and its settings: `error, status 429, retryAfter 1`. */
function describeEffect({ effect: { kind, ...settings } }: Fault): string {
  return [kind, ...Object.entries(settings).map((setting) => setting.join(" "))].join(", ");
}
