import type { AuditListResponse } from "cloudflare/resources/accounts/logs/audit";
import { readAuditLog } from "../../clients/audit-log";
import type { Clouds } from "../../clients/clouds";
import { type AuditEntry, createUncheckedPart, type UncheckedPart } from "../report";

/** Reported entries per object. */
const NEWEST = 5;
/** Entries read per account: five requests. */
const MOST = 5000;

const SUBJECT = "audit log of Cloudflare";

/** An object of the account whose audit log entries are needed. */
export interface AuditedObject {
  readonly id: string;
  /** RFC 3339; older entries do not matter. */
  readonly since: string;
}

/**
 * Reads the newest audit log entries of each object, by id, newest first. The log is read once for all objects, from
 * the earliest of their times on, and not at all without objects.
 */
export async function readAccountAuditLog(
  { cloudflare, accountId }: Pick<Clouds, "cloudflare" | "accountId">,
  objects: readonly AuditedObject[],
): Promise<{ entries: Record<string, AuditEntry[]>; unchecked: UncheckedPart[] }> {
  if (objects.length === 0) return { entries: {}, unchecked: [] };
  const since = new Date(Math.min(...objects.map((object) => Date.parse(object.since))));
  try {
    const log = await readAuditLog(cloudflare, { accountId, since, before: new Date(), most: MOST });
    const entries = objects.map(
      ({ id, since }) => [id, filterEntries(log.entries, id, Date.parse(since))] as const,
    );
    const cause = `there are more than ${MOST} entries since ${since.toISOString()}: only the newest were read`;
    return {
      entries: Object.fromEntries(entries),
      unchecked: log.complete ? [] : [{ subject: SUBJECT, cause }],
    };
  } catch (error) {
    return { entries: {}, unchecked: [createUncheckedPart(SUBJECT, error, "Account Settings Read")] };
  }
}

function filterEntries(log: readonly AuditListResponse[], id: string, since: number): AuditEntry[] {
  return log
    .filter((entry) => isAbout(entry, id) && Date.parse(entry.action?.time ?? "") > since)
    .slice(0, NEWEST)
    .map(({ action, actor, resource }) => ({
      at: String(action?.time),
      by: formatActor(actor),
      activity: action?.description || [action?.type, resource?.type].filter(Boolean).join(" "),
    }));
}

/** Recognizes changes of an object also by the path of the request, as the log names resources inconsistently. */
function isAbout({ action, raw, resource }: AuditListResponse, id: string): boolean {
  if (action?.result === "failure" || action?.type === "view") return false;
  return resource?.id === id || (raw?.uri?.split(/[/?]/).includes(id) ?? false);
}

/** Formats an actor; tokens that belong to the account have no email address. */
function formatActor(actor: AuditListResponse["actor"]): string {
  if (actor?.email) return actor.email;
  if (actor?.token_name) return `${actor.token_name} (${actor.token_id})`;
  return actor?.type === "system" || actor?.type === "cloudflare_admin"
    ? "Cloudflare"
    : (actor?.id ?? "unknown");
}
