/** The same names, with something else under each. */
export function mapped<T, U>(
  all: Readonly<Record<string, T>>,
  change: (one: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one, name)]));
}
