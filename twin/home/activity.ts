import { html } from "hono/html";
import type { ActiveFault, Fault } from "../faults/fault";
import type { Html } from "../http/page";
import type { TwinRequest } from "../http/requests";
import type { AccessRequest, PinMail } from "../store/account";
import type { Store } from "../store/store";
import { moment } from "./moment";
import { code, table } from "./table";

/** How many entries of a log are shown. */
const LAST = 50;

/** The requests answered last, the newest first. */
export function requestTable(requests: readonly TwinRequest[]): Html {
  return table({
    title: `The last ${LAST}, the newest first`,
    columns: ["Number", "Service", "Who", "What", "Status", "Faults"],
    rows: requests
      .map((request, index) => ({ ...request, number: index + 1 }))
      .slice(-LAST)
      .reverse(),
    cells: ({ number, service, caller, method, path, status, faults }) => [
      number,
      service,
      caller ?? "not recognised",
      code(`${method} ${withoutKeys(path)}`),
      status || "connection broken",
      faults?.join(", ") ?? "none",
    ],
    empty: "Nothing has been asked of the twin yet.",
  });
}

/** The last segment of these is known to the browser that signs in, and to nobody else. */
function withoutKeys(path: string): string {
  return path.replace(/\/(signin|authorize)\/[^/]+$/, "/$1/…");
}

/** The access log of an account, the newest first. */
export function signInTable(of: string, log: readonly AccessRequest[]): Html {
  return table({
    title: `Sign-in log of ${of}`,
    columns: ["When", "Who", "Where", "What", "Result", "Ray ID"],
    rows: log.slice(-LAST).reverse(),
    cells: ({ createdAt, userEmail, appDomain, action, purpose, allowed, rayId }) => [
      moment(createdAt),
      userEmail || "not known yet",
      appDomain,
      purpose === undefined ? action : `${action}: ${purpose}`,
      allowed ? "allowed" : html`<strong class="error">refused</strong>`,
      code(rayId),
    ],
    empty: "Nobody has signed in. Press Test at an identity provider, or open a protected application.",
  });
}

/** What Access mailed to people, the newest first. It goes nowhere else. */
export function mailTable(store: Store, of: string, mails: readonly PinMail[]): Html {
  const state = ({ usedAt, expiresAt }: PinMail) => {
    if (usedAt !== undefined) return "used";
    return Date.parse(expiresAt) <= store.now().getTime() ? "too old" : "works";
  };
  return table({
    title: `Mail from ${of}`,
    columns: ["To", "One-time PIN", "Sent", "State"],
    rows: mails.slice(-LAST).reverse(),
    cells: (mail) => [mail.to, code(mail.pin), moment(mail.sentAt), state(mail)],
    empty: "No one-time PIN was mailed: nobody who may enter has asked for one.",
  });
}

/** What goes wrong on purpose. */
export function faultTable(faults: readonly ActiveFault[]): Html {
  return table({
    title: "Faults that are set",
    columns: ["Fault", "Calls", "What happens", "Calls matched", "Calls spoiled", "Calls waiting"],
    rows: faults,
    cells: ({ id, fault, matched, used, held }) => [id, calls(fault), effect(fault), matched, used, held],
    empty: html`Nothing goes wrong on purpose. A seed sets faults, and so does the control API (<code>npm run twin -- --control</code>).`,
  });
}

function calls({ on, count }: Fault): string {
  const which = [on.service, on.method, on.path].filter(Boolean).join(" ") || "any";
  if (!count) return which;
  if ("only" in count) return `${which}, number ${count.only}`;
  return "first" in count ? `${which}, the first ${count.first}` : `${which}, one in ${count.every}`;
}

/** The effect and its settings: `error, status 429, retryAfter 1`. */
function effect({ effect: { kind, ...settings } }: Fault): string {
  return [kind, ...Object.entries(settings).map((setting) => setting.join(" "))].join(", ");
}
