/** Joins the first names of a list, and the number of the others: `a, b, 3 more`. */
export function listFirst(names: readonly string[], most: number): string {
  const others = names.length - most;
  return [...names.slice(0, most), ...(others > 0 ? [`${others} more`] : [])].join(", ");
}
