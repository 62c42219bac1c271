import type { AccountCheck, AccountQuery } from "../drift/account/check";
import { createDifferenceKey } from "../drift/account/stack-account";
import { addChangedBy, type StackDrift } from "../drift/report";
import type { StackCheck } from "../drift/stack/check";

/** The check of one account, and the stack whose sign-in it uses. */
export interface PlannedAccountCheck {
  readonly stack: string;
  readonly query: AccountQuery;
}

/**
 * Plans one check for each account with a stack that could be checked.
 *
 * @param checks of the chosen stacks, and the managed objects of all other stacks in their accounts
 * @param accepted ids of unmanaged objects that are no drift
 */
export function planAccountChecks(
  checks: readonly StackCheck[],
  accepted: readonly string[],
): PlannedAccountCheck[] {
  const unread = new Set(checks.filter(({ account }) => !account).map(({ drift }) => drift.accountId));
  const accountIds = new Set(checks.flatMap(({ account }) => account?.accountId ?? []));
  return [...accountIds].flatMap((accountId): PlannedAccountCheck[] => {
    const members = checks.filter(({ account }) => account?.accountId === accountId);
    const checked = members.flatMap(({ drift: { stack }, account }) =>
      account?.checked ? [{ stack, ...account.checked }] : [],
    );
    const [first] = checked;
    if (!first) return [];
    const managedIds = [...accepted, ...members.flatMap(({ account }) => account?.managedIds ?? [])];
    const query = {
      accountId,
      since: checked.map(({ since }) => since).sort()[0] ?? first.since,
      changed: checked.flatMap(({ since, changed }) => Object.values(changed).map((id) => ({ id, since }))),
      ...(unread.has(accountId) ? {} : { managedIds }),
    };
    return [{ stack: first.stack, query }];
  });
}

/** Adds the entries of the Cloudflare account's audit log to the differences of a stack. */
export function attributeDifferences(
  { drift, account }: StackCheck,
  entries: AccountCheck["entries"],
): StackDrift {
  const differences = drift.differences.map((difference) => {
    const isDrift = difference.kind !== "not deployed";
    const id = isDrift ? account?.checked?.changed[createDifferenceKey(difference)] : undefined;
    return id ? addChangedBy(difference, entries[id]) : difference;
  });
  return { ...drift, differences };
}
