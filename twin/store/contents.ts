import type { Store } from "./store";

/** All maps of a store, by the name of the member that holds them. */
export type StoreContents = Record<string, Map<unknown, unknown>>;

/** Returns the contents themselves, not a copy. */
export function getContents(store: Store): StoreContents {
  return Object.fromEntries(Object.entries(store).filter(([, held]) => held instanceof Map));
}

/** Copies a store with its contents; the copy shares clock and keys with the original. */
export function copyStore(store: Store): Store {
  return Object.assign(Object.create(store), deepCopy(getContents(store)));
}

/** Copies maps, sets, arrays and plain objects; bytes and dates are shared, since they never change. */
function deepCopy<T>(value: T): T;
function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => deepCopy(item));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, deepCopy(item)]));
  if (value instanceof Set) return new Set(value);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepCopy(item)]));
}
