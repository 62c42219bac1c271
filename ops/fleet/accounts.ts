import type { AccountCheck, AccountQuery } from "../drift/account/check";
import type { StackAccount } from "../drift/account/stack-account";
import { createDifferenceKey } from "../drift/account/stack-account";
import { addChangedBy, type StackDrift } from "../drift/report";
import type { StackCheck } from "../drift/stack/check";

/** A stack in the check of its account: it was checked itself, or only its state was read. */
export interface AccountMember {
  readonly stack: string;
  readonly accountId: string | undefined;
  readonly account?: StackAccount | undefined;
  /** The reason why `account` is missing. */
  readonly cause?: string | undefined;
}

export const createMember = ({ drift: { stack, accountId, cause }, account }: StackCheck): AccountMember => ({
  stack,
  accountId,
  account,
  cause,
});

/** The check of one account, and the stack whose sign-in it uses. */
export interface PlannedAccountCheck {
  readonly stack: string;
  readonly query: AccountQuery;
}

/**
 * Plans one check for each account with a stack that could be checked.
 *
 * @param all the chosen stacks, and all other stacks in their accounts
 * @param accepted ids of unmanaged objects that are no drift
 */
export function planAccountChecks(
  all: readonly AccountMember[],
  accepted: readonly string[],
): PlannedAccountCheck[] {
  const accountIds = new Set(all.flatMap(({ accountId }) => accountId ?? []));
  return [...accountIds].flatMap((accountId): PlannedAccountCheck[] => {
    const members = all.filter((member) => member.accountId === accountId);
    const checked = members.flatMap(({ stack, account }) =>
      account?.checked ? [{ stack, ...account.checked }] : [],
    );
    const [first] = checked;
    if (!first) return [];
    const managedIds = [...accepted, ...members.flatMap(({ account }) => account?.managedIds ?? [])];
    const query = {
      accountId,
      since: checked.map(({ since }) => since).sort()[0] ?? first.since,
      changed: checked.flatMap(({ since, changed }) => Object.values(changed).map((id) => ({ id, since }))),
      managedIds,
      unread: members.flatMap(({ stack, account, cause }) =>
        account ? [] : [{ stack, cause: cause ?? "" }],
      ),
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
