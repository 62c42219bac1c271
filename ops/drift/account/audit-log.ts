import type { AuditListResponse } from "cloudflare/resources/accounts/logs/audit";
import { readAuditLog } from "../../clients/audit-log";
import type { Clouds } from "../../clients/clouds";
import { type Gap, gapOf, type Trace } from "../report";

/** As many as tell the story of one object. */
const NEWEST = 5;
/** Entries that are read of one account: five requests. */
const MOST = 5000;

const WHAT = "since when and by whom at Cloudflare";

/** An object of the account. */
export interface Traced {
  readonly id: string;
  /** RFC 3339: what was done before is of no interest. */
  readonly since: string;
}

/**
 * What the account's audit log has of these objects, the newest first, by id. It is read once for all of them, from the
 * earliest of their times on; where nothing is asked for it is not read at all.
 */
export async function tracesOf(
  { cloudflare, accountId }: Pick<Clouds, "cloudflare" | "accountId">,
  asked: readonly Traced[],
): Promise<{ traces: Record<string, Trace[]>; gaps: Gap[] }> {
  if (asked.length === 0) return { traces: {}, gaps: [] };
  const since = new Date(Math.min(...asked.map((one) => Date.parse(one.since))));
  try {
    const wanted = { accountId, since, before: new Date(), most: MOST };
    const { entries, complete } = await readAuditLog(cloudflare, wanted);
    const traces = asked.map(({ id, since }) => [id, tracesIn(entries, id, Date.parse(since))] as const);
    const cause = `there are more than ${MOST} entries since ${since.toISOString()}: the newest were read`;
    return { traces: Object.fromEntries(traces), gaps: complete ? [] : [{ what: WHAT, cause }] };
  } catch (error) {
    return { traces: {}, gaps: [gapOf(WHAT, error, "Account Settings Read")] };
  }
}

function tracesIn(entries: readonly AuditListResponse[], id: string, since: number): Trace[] {
  return entries
    .filter((entry) => isAbout(entry, id) && Date.parse(entry.action?.time ?? "") > since)
    .slice(0, NEWEST)
    .map(({ action, actor, resource }) => ({
      at: String(action?.time),
      by: nameOf(actor),
      activity: action?.description || [action?.type, resource?.type].filter(Boolean).join(" "),
    }));
}

/** Whatever the log calls the resource, the path of a change and of a deletion ends with its id. */
function isAbout({ action, raw, resource }: AuditListResponse, id: string): boolean {
  if (action?.result === "failure" || action?.type === "view") return false;
  return resource?.id === id || (raw?.uri?.split(/[/?]/).includes(id) ?? false);
}

/** The account's own tokens have no person. */
function nameOf(actor: AuditListResponse["actor"]): string {
  if (actor?.email) return actor.email;
  if (actor?.token_name) return `${actor.token_name} (${actor.token_id})`;
  return actor?.type === "system" || actor?.type === "cloudflare_admin"
    ? "Cloudflare"
    : (actor?.id ?? "unknown");
}
