import { html } from "hono/html";
import type { Password } from "../store/entra/tenant";
import type { Store } from "../store/store";
import { formatRelativeTime } from "./moment";
import type { Cell } from "./table";

/** Says whether a client secret has expired by the twin's clock. */
export function isExpired(store: Store, { endDateTime }: Password): boolean {
  return new Date(endDateTime) <= store.now();
}

/** Describes whether and how long a client secret works. */
export function describeSecretState(store: Store, password: Password): Cell {
  const now = store.now();
  const [start, end] = [new Date(password.startDateTime), new Date(password.endDateTime)];
  if (isExpired(store, password))
    return html`<strong class="error">expired ${formatRelativeTime(now, end)}</strong>`;
  if (start > now) return `starts ${formatRelativeTime(now, start)}`;
  return store.hasPropagated(password)
    ? `expires ${formatRelativeTime(now, end)}`
    : "new: not valid at sign-in yet";
}
