import type { Client } from "@microsoft/microsoft-graph-client";

/** @param onPage called with the number of objects that have been read so far */
export async function listAllPages<T>(
  graph: Client,
  path: string,
  onPage?: (count: number) => void,
): Promise<T[]> {
  const all: T[] = [];
  for (let next: string | undefined = path; next; ) {
    const page: { value: T[]; "@odata.nextLink"?: string } = await graph.api(next).get();
    all.push(...page.value);
    onPage?.(all.length);
    next = page["@odata.nextLink"];
  }
  return all;
}
