import { randomBytes } from "node:crypto";
import type { AccessRequest, Account } from "../store/account";
import type { Store } from "../store/store";

/** Writes an entry of the account's access log. @returns its Ray ID, by which it is found */
export function logAccess(
  store: Store,
  account: Account,
  entry: Omit<AccessRequest, "rayId" | "createdAt">,
): string {
  const rayId = randomBytes(8).toString("hex");
  account.accessRequests.set(rayId, { ...entry, rayId, createdAt: store.now().toISOString() });
  return rayId;
}
