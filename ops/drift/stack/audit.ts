import type { Client } from "@microsoft/microsoft-graph-client";
import type { DirectoryAudit } from "@microsoft/microsoft-graph-types";
import { type Gap, gapOf, type Trace } from "../report";

/** As many as tell the story of one object. */
const NEWEST = 5;

/**
 * The directory's audit log of what happened to objects of the tenant since a time. Entra keeps it for 7 days, with
 * P1 or P2 for 30: https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention
 */
export class AuditLog {
  private readonly read = new Map<string, Promise<readonly Trace[]>>();
  /** Set once the log could not be read. */
  gap: Gap | undefined;

  constructor(
    private readonly graph: Client,
    private readonly since: Date,
  ) {}

  /** Of the object with this id, the newest first; empty where the log cannot be read. */
  of(id: string): Promise<readonly Trace[]> {
    const known = this.read.get(id) ?? this.ask(id);
    this.read.set(id, known);
    return known;
  }

  private async ask(id: string): Promise<readonly Trace[]> {
    if (this.gap) return [];
    const since = this.since.toISOString();
    const filter = `activityDateTime ge ${since} and targetResources/any(t:t/id eq '${id}')`;
    try {
      const { value } = await this.graph
        .api(`/auditLogs/directoryAudits?$filter=${filter}&$top=${NEWEST}`)
        .get();
      return (value as DirectoryAudit[]).map(({ activityDateTime, activityDisplayName, initiatedBy }) => ({
        at: String(activityDateTime),
        by: nameOf(initiatedBy),
        activity: String(activityDisplayName).trim(),
      }));
    } catch (error) {
      this.gap = gapOf("since when and by whom", error, "AuditLog.Read.All");
      return [];
    }
  }
}

function nameOf(by: DirectoryAudit["initiatedBy"]): string {
  if (by?.user) return by.user.userPrincipalName ?? String(by.user.id);
  return by?.app ? `${by.app.displayName ?? "an application"} (${by.app.appId})` : "unknown";
}
