import { randomBytes } from "node:crypto";
import type { AccessRequest, Account } from "../store/cloudflare/account";
import type { Store } from "../store/store";

/** Adds an entry to the account's access log. @returns its Ray ID */
export function logAccess(
  store: Store,
  account: Account,
  entry: Omit<AccessRequest, "rayId" | "createdAt">,
): string {
  const rayId = randomBytes(8).toString("hex");
  account.accessRequests.set(rayId, { ...entry, rayId, createdAt: store.now().toISOString() });
  return rayId;
}
