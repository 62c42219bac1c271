import type { Client } from "@microsoft/microsoft-graph-client";
import type { DirectoryAudit } from "@microsoft/microsoft-graph-types";
import { formatInitiator } from "../../clients/entra/directory-audits";
import { type AuditEntry, createUncheckedPart, type UncheckedPart } from "../report";

/** Reported entries per object. */
const NEWEST = 5;

/**
 * The directory's audit log since a point in time. Entra keeps it for 7 days, with P1 or P2 for 30:
 * https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-data-retention
 */
export class DirectoryAuditLog {
  private readonly entries = new Map<string, Promise<readonly AuditEntry[]>>();
  /** Set once the log could not be read. */
  unchecked: UncheckedPart | undefined;

  constructor(
    private readonly graph: Client,
    private readonly since: Date,
  ) {}

  /** Reads the entries of the object with this id, newest first; returns none if the log cannot be read. */
  read(id: string): Promise<readonly AuditEntry[]> {
    const entries = this.entries.get(id) ?? this.request(id);
    this.entries.set(id, entries);
    return entries;
  }

  private async request(id: string): Promise<readonly AuditEntry[]> {
    if (this.unchecked) return [];
    const since = this.since.toISOString();
    const filter = `activityDateTime ge ${since} and targetResources/any(t:t/id eq '${id}')`;
    try {
      const { value } = await this.graph
        .api(`/auditLogs/directoryAudits?$filter=${filter}&$top=${NEWEST}`)
        .get();
      return (value as DirectoryAudit[]).map(({ activityDateTime, activityDisplayName, initiatedBy }) => ({
        at: String(activityDateTime),
        by: formatInitiator(initiatedBy),
        activity: String(activityDisplayName).trim(),
      }));
    } catch (error) {
      this.unchecked = createUncheckedPart("audit log of the directory", error, "AuditLog.Read.All");
      return [];
    }
  }
}
