import type { Client } from "@microsoft/microsoft-graph-client";
import type { DirectoryAudit } from "@microsoft/microsoft-graph-types";
import { formatInitiator } from "../../clients/entra/directory-audits";
import { listAllPages } from "../../clients/pages";
import type { Directory, EntraGroup } from "../decision/model";
import { nameMissingPermission } from "./directory";

/** The time from which on somebody is a member, as far as the audit log goes back. */
export type MemberSince =
  | { readonly at: string; readonly by: string }
  /** The time of the log's oldest entry. */
  | { readonly before: string };

/** Finds since when a chain of nested groups, the outermost first, has a person. */
export type FindSince = (chain: readonly EntraGroup[], personId: string) => MemberSince;

type Entry = Pick<DirectoryAudit, "activityDateTime" | "activityDisplayName" | "initiatedBy"> & {
  readonly targetResources: readonly { readonly id: string }[];
};

/**
 * Reads who was added to these groups from the directory's audit log, with one request for each group, because Graph
 * answers five requests for reports in ten seconds. Entra keeps the log for 7 days, with P1 or P2 for 30.
 *
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
 * https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention
 *
 * @throws UserError where the caller lacks the permission
 */
export async function readMemberships(
  graph: Client,
  {
    tenantId,
    groupIds,
    now,
    onProgress,
  }: {
    tenantId: string;
    groupIds: readonly string[];
    /** RFC 3339: stands for the oldest entry of an empty log. */
    now: string;
    onProgress?: ((text: string) => void) | undefined;
  },
): Promise<FindSince> {
  const path = "/auditLogs/directoryAudits";
  const { value }: { value: Entry[] } = await graph
    .api(`${path}?$orderby=activityDateTime asc&$top=1`)
    .get()
    .catch(nameMissingPermission(tenantId, "audit log", "AuditLog.Read.All"));
  const before = String(value[0]?.activityDateTime ?? now);
  const additions = new Map<string, { at: string; by: string }>();
  for (const [index, groupId] of groupIds.entries()) {
    onProgress?.(`tenant ${tenantId}: audit log of ${index} of ${groupIds.length} groups`);
    const filter = `targetResources/any(t:t/id eq '${groupId}')`;
    // The newest comes first.
    for (const entry of await listAllPages<Entry>(graph, `${path}?$filter=${filter}&$top=999`))
      for (const key of listAdditions(entry, groupId))
        if (!additions.has(key))
          additions.set(key, {
            at: String(entry.activityDateTime),
            by: formatInitiator(entry.initiatedBy),
          });
  }
  return (chain, personId) => {
    const links = chain.map(({ id }, index) => {
      const member = chain[index + 1]?.id ?? personId;
      // Members that a group was created with have no entry of their own.
      return additions.get(`${id} ${member}`) ?? additions.get(id);
    });
    const [newest] = links.flatMap((link) => link ?? []).sort((one, other) => (one.at < other.at ? 1 : -1));
    return newest ?? { before };
  };
}

/** Lists what an entry adds: "group member" for a member, "group" for the group itself. */
function listAdditions({ activityDisplayName, targetResources }: Entry, groupId: string): string[] {
  if (activityDisplayName === "Add group") return [groupId];
  if (activityDisplayName !== "Add member to group") return [];
  const ids = targetResources.map(({ id }) => id.toLowerCase());
  return ids.flatMap((id) => (id === groupId ? [] : [`${groupId} ${id}`]));
}

/** Lists these groups that exist and those inside them. */
export function listGroupsWithin({ groups }: Directory, ids: readonly string[]): string[] {
  const followed = new Set(ids.filter((id) => groups.get(id)?.name !== undefined));
  for (const id of followed) for (const inner of groups.get(id)?.groups ?? []) followed.add(inner);
  return [...followed];
}
