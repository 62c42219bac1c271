import { html } from "hono/html";
import type { Clock } from "../clock";
import type { ActiveFault, Fault } from "../faults/fault";
import type { Faults } from "../faults/faults";
import type { Html } from "../http/page";
import type { Store } from "../store/store";
import { formatRelativeTime, renderMoment } from "./moment";
import { createTable, type Details, renderCode, renderDetails, renderFacts, renderList } from "./table";

/** Features that the twin does not enforce, so that nobody takes them for tested. docs/twin.md has the same list. */
export const NOT_ENFORCED = [
  "traffic through WARP and tunnels (routes, device enrollment and network policies are stored)",
  "licenses",
  "quotas",
  "deleted items and restoring them",
];

/** Renders the twin's time, faults, places and limits. */
export function renderSelf({ store, clock, faults }: { store: Store; clock: Clock; faults: Faults }): Html {
  const now = store.now();
  const system = new Date(now.getTime() - clock.offset);
  return html`${renderFacts({
    Time: renderMoment(now.toISOString()),
    Offset:
      clock.offset === 0
        ? "none: it is this machine's time"
        : `this machine's time was ${formatRelativeTime(now, system)}`,
    "New client secrets are valid":
      store.secretDelaySeconds === 0 ? "at once" : `after ${store.secretDelaySeconds} seconds`,
  })}
${renderDetails([
  createFaultTable(faults.list),
  createPlaceTable(store),
  { title: "Not enforced", count: NOT_ENFORCED.length, content: renderList(NOT_ENFORCED) },
])}`;
}

function createPlaceTable(store: Store): Details {
  return createTable({
    title: "Places",
    columns: ["Connections from", "Seen as", "Country"],
    rows: [...store.places],
    cells: ([address, { ip = address, country = "unknown" }]) => [
      renderCode(address),
      renderCode(ip),
      country,
    ],
    empty: html`Every request is seen with its own address, in an unknown country. Change this in a seed, or with the control API (<code>PUT /places</code>).`,
  });
}

/** Describes the injected faults. */
function createFaultTable(faults: readonly ActiveFault[]): Details {
  return createTable({
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
