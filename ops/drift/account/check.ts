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
  /** Ids of managed and of accepted objects; absent if a state could not be read. */
  readonly managedIds?: readonly string[];
}

export interface AccountCheck {
  readonly drift: AccountDrift;
  /** The audit log entries of {@link AccountQuery.changed}, by id. */
  readonly entries: Readonly<Record<string, readonly AuditEntry[]>>;
}

/** Checks an account, signed in as one of its stacks; changes nothing. Throws if the stack has no sign-in. */
export async function checkAccount(stack: Stack, query: AccountQuery): Promise<AccountCheck> {
  const { accountId, since, changed, managedIds } = query;
  const account = { cloudflare: signInToCloudflare(await stack.providerSettings()), accountId };
  const listed = managedIds ? await listAccountObjects(account) : UNKNOWN_OBJECTS;
  const objects = listed.objects.filter(({ id }) => !managedIds?.includes(id));
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

const UNKNOWN_OBJECTS = {
  objects: [],
  unchecked: [
    { subject: "unmanaged objects", cause: "the state of another stack of this account could not be read" },
  ],
};
