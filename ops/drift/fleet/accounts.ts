import type { AccountLook, AccountQuestion } from "../account/look";
import { keyOf } from "../account/sight";
import { type AccountDrift, resultOf, type StackDrift, withTraces } from "../report";
import type { Look } from "../stack/look";

/** What there is to ask of one account, and the stack to sign in as. */
export interface Asked {
  readonly stack: string;
  readonly question: AccountQuestion;
}

/**
 * One question for each account with a stack that could be looked at.
 *
 * @param looks at the stacks that were chosen, and at the states of all others in their accounts
 * @param accepted ids that no stack owns and that are no drift
 */
export function questionsOf(looks: readonly Look[], accepted: readonly string[]): Asked[] {
  const unread = new Set(looks.filter(({ account }) => !account).map(({ drift }) => drift.accountId));
  const accountIds = new Set(looks.flatMap(({ account }) => account?.accountId ?? []));
  return [...accountIds].flatMap((accountId): Asked[] => {
    const here = looks.filter(({ account }) => account?.accountId === accountId);
    const seen = here.flatMap(({ drift: { stack }, account }) =>
      account?.looked ? [{ stack, ...account.looked }] : [],
    );
    const [first] = seen;
    if (!first) return [];
    const owned = [...accepted, ...here.flatMap(({ account }) => account?.owned ?? [])];
    const question = {
      accountId,
      since: seen.map(({ since }) => since).sort()[0] ?? first.since,
      changed: seen.flatMap(({ since, changed }) => Object.values(changed).map((id) => ({ id, since }))),
      ...(unread.has(accountId) ? {} : { owned }),
    };
    return [{ stack: first.stack, question }];
  });
}

export function accountDrift({ accountId }: AccountQuestion, { unowned, gaps }: AccountLook): AccountDrift {
  return { accountId, result: resultOf({ unowned, gaps }), unowned, gaps };
}

/** What was found of a stack, with who changed its objects at Cloudflare. */
export function tracedDrift({ drift, account }: Look, traces: AccountLook["traces"]): StackDrift {
  const differences = drift.differences.map((difference) => {
    const id = difference.kind === "settings" ? undefined : account?.looked?.changed[keyOf(difference)];
    return id ? withTraces(difference, traces[id]) : difference;
  });
  return { ...drift, differences };
}
