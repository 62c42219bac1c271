import { html } from "hono/html";
import type { Html } from "../http/page";
import type { TwinRequest } from "../http/requests";
import { createTable, renderCode, renderDetails } from "./table";

/** The services in the order of a sign-in's set-up; names as in {@link TwinRequest}. */
const SERVICES = ["metadata", "login", "graph", "cloudflare", "access"] as const;

/** The choice of requests in the query of the page's address. */
export interface RequestFilter {
  /** Default: all services. */
  service?: string | undefined;
  /** A part of the method, path or caller, in any case. */
  text?: string | undefined;
  /** `on`: requests that were refused or broken. */
  failed?: string | undefined;
}

/** Renders the most recent requests that pass the filter, newest first, with a form to change it. */
export function renderRequests(requests: readonly TwinRequest[], filter: RequestFilter): Html {
  const { text = "", failed } = filter;
  const service = SERVICES.find((name) => name === filter.service);
  const matched = requests
    .map(({ path, ...request }, index) => ({ ...request, path: redactKeys(path), number: index + 1 }))
    .filter(
      (one) =>
        (service === undefined || one.service === service) &&
        (failed !== "on" || one.status === 0 || one.status >= 400) &&
        `${one.method} ${one.path} ${one.caller ?? ""}`.toLowerCase().includes(text.toLowerCase()),
    )
    .reverse();
  const table = createTable({
    title: matched.length === requests.length ? "All requests" : `Matching requests of ${requests.length}`,
    columns: ["Number", "Service", "Caller", "Request", "Status", "Faults"],
    rows: matched,
    cells: ({ number, service: name, caller, method, path, status, faults }) => [
      number,
      name,
      caller ?? "not recognized",
      renderCode(`${method} ${path}`),
      status || "connection broken",
      faults?.join(", ") ?? "",
    ],
    empty: requests.length === 0 ? "The twin has not received a request yet." : "No request matches.",
  });
  return html`<form action="/#requests"><label>Service <select name="service"><option value="">all</option>${SERVICES.map(
    (name) => html`<option${name === service ? html` selected` : ""}>${name}</option>`,
  )}</select></label>
<label>Contains <input name="text" value="${text}"></label>
<label><input type="checkbox" name="failed"${failed === "on" ? html` checked` : ""}> failed only</label>
<button>Filter</button> <a href="/#requests">Show all</a></form>
${renderDetails([table], true)}`;
}

/** Removes the keys of sign-in sessions, which only the user's browser may know. */
function redactKeys(path: string): string {
  return path.replace(/\/(signin|authorize)\/[^/]+$/, "/$1/…");
}
