import type Cloudflare from "cloudflare";
import type { AuditListResponse } from "cloudflare/resources/accounts/logs/audit";

/** Entries of one page: as many as Cloudflare gives. */
const PAGE = 1000;

/**
 * The audit log of an account (version 2), the newest first. Cloudflare keeps it for 18 months:
 * https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/#retention
 *
 * @param most entries to read
 * @returns what was done between the two times, and whether that is all of it
 */
export async function readAuditLog(
  cloudflare: Cloudflare,
  { accountId, since, before, most }: { accountId: string; since: Date; before: Date; most: number },
): Promise<{ entries: AuditListResponse[]; complete: boolean }> {
  const entries: AuditListResponse[] = [];
  const asked = {
    account_id: accountId,
    since: since.toISOString(),
    before: before.toISOString(),
    direction: "desc" as const,
    limit: PAGE,
  };
  let cursor: string | undefined;
  do {
    const page = await cloudflare.accounts.logs.audit.list(cursor ? { ...asked, cursor } : asked);
    entries.push(...page.getPaginatedItems());
    cursor = cursorIn(page.result_info);
  } while (cursor && entries.length < most);
  return { entries, complete: !cursor };
}

/** The client goes on by `cursors.after`, and would stop after the first page of what the API is documented to answer. */
function cursorIn(info: { cursor?: string; cursors?: { after?: string } } | undefined): string | undefined {
  return info?.cursor || info?.cursors?.after || undefined;
}
