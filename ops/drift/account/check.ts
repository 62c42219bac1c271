import { signInToCloudflare } from "../../clients/deployer";
import type { Stack } from "../../stacks";
import { type AccountDrift, type AuditEntry, addChangedBy, determineDriftResult } from "../report";
import { type AuditedObject, readAccountAuditLog } from "./audit-log";
import { listAccountObjects } from "./objects";

/** The input of one account's check, for all of its checked stacks together. */
export interface AccountQuery {
  readonly accountId: string;
  /** RFC 3339: the earliest of the times at which one of these stacks last changed something itself. */
  readonly since: string;
  /** Objects of stacks that drifted. */
  readonly changed: readonly AuditedObject[];
  /** Ids of managed and of accepted objects. */
  readonly managedIds: readonly string[];
  /** The stacks of the account whose state could not be read; objects are unmanaged for certain only if there are none. */
  readonly unread: readonly UnreadStack[];
}

export interface UnreadStack {
  readonly stack: string;
  /** Completes "its state could not be read: ". */
  readonly cause: string;
}

export interface AccountCheck {
  readonly drift: AccountDrift;
  /** The audit log entries of {@link AccountQuery.changed}, by id. */
  readonly entries: Readonly<Record<string, readonly AuditEntry[]>>;
}

/** Checks an account, signed in as one of its stacks; changes nothing. Throws if the stack has no sign-in. */
export async function checkAccount(stack: Stack, query: AccountQuery): Promise<AccountCheck> {
  const { accountId, since, changed, managedIds, unread } = query;
  const account = { cloudflare: signInToCloudflare(await stack.providerSettings()), accountId };
  const listed = unread.length > 0 ? createUnlisted(unread) : await listAccountObjects(account);
  const objects = listed.objects.filter(({ id }) => !managedIds.includes(id));
  const log = await readAccountAuditLog(account, [...changed, ...objects.map(({ id }) => ({ id, since }))]);
  const unmanaged = objects.map((object) => addChangedBy(object, log.entries[object.id]));
  const unchecked = [...listed.unchecked, ...log.unchecked];
  const result = determineDriftResult({ unmanaged, unchecked });
  return { drift: { accountId, result, unmanaged, unchecked }, entries: log.entries };
}

export function createFailedAccountCheck(accountId: string, cause: string): AccountCheck {
  const unchecked = [{ subject: "the account", cause }];
  return { drift: { accountId, result: "unknown", unmanaged: [], unchecked }, entries: {} };
}

const createUnlisted = (unread: readonly UnreadStack[]) => ({
  objects: [],
  unchecked: unread.map(({ stack, cause }) => ({
    subject: "unmanaged objects",
    cause: `the state of stack ${stack} could not be read: ${cause}`,
  })),
});
