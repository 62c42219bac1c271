import type { Client } from "@microsoft/microsoft-graph-client";
import type { DirectoryObject, Group } from "@microsoft/microsoft-graph-types";
import { ignoreNotFound } from "../errors";
import { listAllPages } from "../pages";

/** A group that is a member of another one. */
export interface InnerGroup {
  readonly id: string;
  readonly name: string;
}

/** Lists the groups that are members of a group; none of a group that does not exist. */
export async function listInnerGroups(graph: Client, id: string): Promise<InnerGroup[]> {
  const path = `/groups/${id}/members?$select=id,displayName&$top=999`;
  const members = await listAllPages<DirectoryObject & Group>(graph, path).catch(ignoreNotFound);
  return (members ?? [])
    .filter((member) => (member as { "@odata.type"?: string })["@odata.type"] === "#microsoft.graph.group")
    .map(({ displayName, id: inner }) => ({ id: String(inner), name: displayName ?? String(inner) }));
}
