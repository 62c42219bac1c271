import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Account, ServiceToken } from "../../store/account";
import { milliseconds } from "../../store/durations";
import { secretHash, wholeSeconds } from "../../store/store";
import { checkedBody } from "../body";
import { type Call, jsonBody, type Operation } from "../call";
import { operationsOf, type Settings } from "../collection";
import { unknown } from "../errors";
import { duration } from "./duration";
import { refuseInUse } from "./in-use";

const body = z.strictObject({
  name: z.string().min(1),
  duration: z.union([duration, z.literal("forever")]).optional(),
  enabled: z.boolean().optional(),
});

const READ_ONLY = { "": ["id", "client_id", "created_at", "updated_at", "expires_at"] };
const YEAR = "8760h";

const operations = operationsOf<ServiceToken>({
  path: "/access/service_tokens",
  permission: "serviceTokens",
  of: (account) => account.serviceTokens,
  unknown: () => unknown("service_token"),
  async read(call, stored): Promise<Settings<ServiceToken>> {
    const echo = stored && { shown: wire(call.account, stored), readOnly: READ_ONLY };
    const sent = checkedBody(call, body, await jsonBody(call), echo);
    const lasts = sent.duration ?? stored?.duration ?? YEAR;
    return {
      name: sent.name,
      clientId: stored?.clientId ?? `${randomBytes(16).toString("hex")}.access`,
      secretHash: stored?.secretHash ?? secretHash(randomBytes(32).toString("hex")),
      duration: lasts,
      enabled: sent.enabled ?? stored?.enabled ?? true,
      // A duration that is sent counts from now; without one the end stays.
      expiresAt: stored && sent.duration === undefined ? stored.expiresAt : endOf(call, lasts),
    };
  },
  wire,
  mayGo: (account, id) => refuseInUse(account, "service_token", id),
});

/** https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/service_tokens/ */
export const serviceTokenOperations = operations.map((operation) =>
  operation.method === "POST" ? { ...operation, handle: showingSecret(operation) } : operation,
);

/** The client secret is made, shown once and kept as a hash. Its form is Cloudflare's, its checksum is none. */
function showingSecret({ handle }: Operation): Operation["handle"] {
  return async (call) => {
    const { result, ...answer } = await handle(call);
    const shown = result as { id: string };
    const secret = `cfast_${randomBytes(24).toString("hex")}`;
    const token = call.account.serviceTokens.get(shown.id);
    if (token) token.secretHash = secretHash(secret);
    return { ...answer, result: { ...shown, client_secret: secret } };
  };
}

function endOf({ store }: Call, lasts: string): string | null {
  if (lasts === "forever") return null;
  return wholeSeconds(new Date(store.now().getTime() + milliseconds(lasts)));
}

function wire(_account: Account, token: ServiceToken): Record<string, unknown> {
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
