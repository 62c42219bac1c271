import type { Store } from "./store";

/** Everything that a store holds, by the name of the member that holds it. */
export type Contents = Record<string, Map<unknown, unknown>>;

/** The contents themselves, not a copy. */
export function contentsOf(store: Store): Contents {
  return Object.fromEntries(Object.entries(store).filter(([, held]) => held instanceof Map));
}

/** Another store that holds the same now and no longer follows; clock and keys are those of the first. */
export function copyOf(store: Store): Store {
  return Object.assign(Object.create(store), copied(contentsOf(store)));
}

/** Bytes and the like are shared: they do not change. */
function copied<T>(value: T): T;
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => copied(item));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copied(item)]));
  if (value instanceof Set) return new Set(value);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}
