import type { Client } from "@microsoft/microsoft-graph-client";

export async function listAllPages<T>(graph: Client, path: string): Promise<T[]> {
  const all: T[] = [];
  for (let next: string | undefined = path; next; ) {
    const page: { value: T[]; "@odata.nextLink"?: string } = await graph.api(next).get();
    all.push(...page.value);
    next = page["@odata.nextLink"];
  }
  return all;
}
