import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Account, ServiceToken } from "../../store/cloudflare/account";
import { parseMilliseconds } from "../../store/durations";
import { hashSecret } from "../../store/secrets";
import { formatTimestamp } from "../../store/store";
import { validateBody } from "../body";
import { type CloudflareCall, type CloudflareOperation, readJsonBody } from "../call";
import { createOperations, type ItemSettings } from "../collection";
import { unknownObject } from "../errors";
import { durationSchema } from "./duration";
import { refuseInUse } from "./in-use";

const body = z.strictObject({
  name: z.string().min(1),
  duration: z.union([durationSchema, z.literal("forever")]).optional(),
  enabled: z.boolean().optional(),
});

const READ_ONLY = { "": ["id", "client_id", "created_at", "updated_at", "expires_at"] };
const YEAR = "8760h";

const operations = createOperations<ServiceToken>({
  path: "/access/service_tokens",
  permission: "serviceTokens",
  getItems: (account) => account.serviceTokens,
  createUnknownError: () => unknownObject("service_token"),
  async readSettings(call, stored): Promise<ItemSettings<ServiceToken>> {
    const echo = stored && { shown: toWire(call.account, stored), readOnly: READ_ONLY };
    const sent = validateBody(call, body, await readJsonBody(call), echo);
    const lasts = sent.duration ?? stored?.duration ?? YEAR;
    return {
      name: sent.name,
      clientId: stored?.clientId ?? `${randomBytes(16).toString("hex")}.access`,
      secretHash: stored?.secretHash ?? hashSecret(randomBytes(32).toString("hex")),
      duration: lasts,
      enabled: sent.enabled ?? stored?.enabled ?? true,
      // A new duration counts from now; without one the expiry stays.
      expiresAt: stored && sent.duration === undefined ? stored.expiresAt : computeExpiry(call, lasts),
    };
  },
  toWire,
  refuseDeletion: (account, id) => refuseInUse(account, "service_token", id),
});

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/service_tokens/ */
export const serviceTokenOperations = operations.map((operation) =>
  operation.call.startsWith("POST") ? { ...operation, handle: addSecret(operation) } : operation,
);

/** Creates the client secret, shows it once and stores its hash. It has Cloudflare's form, but no valid checksum. */
function addSecret({ handle }: CloudflareOperation): CloudflareOperation["handle"] {
  return async (call) => {
    const { result, ...answer } = await handle(call);
    const shown = result as { id: string };
    const secret = `cfast_${randomBytes(24).toString("hex")}`;
    const token = call.account.serviceTokens.get(shown.id);
    if (token) token.secretHash = hashSecret(secret);
    return { ...answer, result: { ...shown, client_secret: secret } };
  };
}

function computeExpiry({ store }: CloudflareCall, lasts: string): string | null {
  if (lasts === "forever") return null;
  return formatTimestamp(new Date(store.now().getTime() + parseMilliseconds(lasts)));
}

function toWire(_account: Account, token: ServiceToken): Record<string, unknown> {
  return {
    id: token.id,
    name: token.name,
    client_id: token.clientId,
    duration: token.duration,
    enabled: token.enabled,
    expires_at: token.expiresAt,
    created_at: token.createdAt,
    updated_at: token.updatedAt,
  };
}
