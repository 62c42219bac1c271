import type { AuditListResponse } from "cloudflare/resources/accounts/logs/audit";
import type { CloudflareClient } from "./cloudflare";

/** The maximum at Cloudflare. */
const PAGE_SIZE = 1000;

/**
 * Reads the audit log of an account (version 2), the newest entries first. Cloudflare keeps it for 18 months:
 * https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/#retention
 *
 * @param most stops after at least this many entries
 * @returns the entries between the two times, and whether these are all of them
 */
export async function readAuditLog(
  cloudflare: CloudflareClient,
  { accountId, since, before, most }: { accountId: string; since: Date; before: Date; most: number },
): Promise<{ entries: AuditListResponse[]; complete: boolean }> {
  const entries: AuditListResponse[] = [];
  const query = {
    account_id: accountId,
    since: since.toISOString(),
    before: before.toISOString(),
    direction: "desc" as const,
    limit: PAGE_SIZE,
  };
  let cursor: string | undefined;
  do {
    const page = await cloudflare.accounts.logs.audit.list(cursor ? { ...query, cursor } : query);
    entries.push(...page.getPaginatedItems());
    cursor = cursorIn(page.result_info);
  } while (cursor && entries.length < most);
  return { entries, complete: !cursor };
}

/** The client pages by `cursors.after` and would stop after the first page of the documented response. */
function cursorIn(info: { cursor?: string; cursors?: { after?: string } } | undefined): string | undefined {
  return info?.cursor || info?.cursors?.after || undefined;
}
