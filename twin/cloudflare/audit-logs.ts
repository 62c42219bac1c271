import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Account, AuditLogEntry } from "../store/cloudflare/account";
import { type CloudflareCall, type CloudflareOperation, type CloudflareResponse, readOption } from "./call";
import { CloudflareError } from "./errors";
import { deriveTokenId } from "./tokens";

/**
 * Version 2 of the account's audit log: https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/
 * and https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/methods/list/
 */
export const auditLogOperations: CloudflareOperation[] = [
  {
    call: "GET /logs/audit",
    permission: "settings",
    query: ["since", "before", "direction", "limit", "cursor"],
    handle: listEntries,
  },
];

const ACTIONS: Record<string, AuditLogEntry["action"]> = {
  POST: "create",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};

/** Runs a call and logs it if it changed something; refused calls are not logged. */
export async function runAudited(
  call: CloudflareCall,
  operation: CloudflareOperation,
): Promise<CloudflareResponse> {
  const answer = await operation.handle(call);
  const [method = "", path = ""] = operation.call.split(" ");
  const action = ACTIONS[method];
  if (!action) return answer;
  const { c, account, store } = call;
  const [product = "", ...kind] = path.split("/").filter((part) => part !== "" && !part.startsWith("{"));
  const { id, name } = (answer.result ?? {}) as { id?: string; name?: string };
  // The organization has no id; a tag is identified by its name.
  const resourceId = id ?? (kind[0] === "tags" ? name : undefined);
  const entry: AuditLogEntry = {
    id: randomUUID().replaceAll("-", ""),
    time: store.now().toISOString(),
    action,
    token: call.token.name,
    method,
    status: answer.status,
    uri: c.req.path.replace(/^\/client\/v4/, ""),
    ipAddress: "127.0.0.1",
    userAgent: c.req.header("user-agent") ?? "",
    rayId: randomBytes(8).toString("hex"),
    product,
    type: kind.join("_"),
    ...(resourceId !== undefined && { resourceId }),
  };
  account.auditLogs.set(entry.id, entry);
  return answer;
}

function listEntries(call: CloudflareCall): CloudflareResponse {
  const [since, before] = [readTime(call, "since"), readTime(call, "before")];
  const limit = Number(
    readOption(call, "limit", /^([1-9]\d{0,2}|1000)$/, "a number from 1 to 1000", createRefusal) ?? 100,
  );
  const all = [...call.account.auditLogs.values()].filter((entry) => {
    const at = Date.parse(entry.time);
    return since <= at && at < before;
  });
  if (readOption(call, "direction", /^(asc|desc)$/, "asc or desc", createRefusal) !== "asc") all.reverse();
  const from = findStart(call, all);
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  return {
    status: 200,
    result: items.map((entry) => toWire(call.account, entry)),
    resultInfo: {
      count: String(items.length),
      ...(last && from + limit < all.length ? { cursor: encodeCursor(last) } : {}),
    },
  };
}

const encodeCursor = ({ id }: AuditLogEntry) => Buffer.from(id, "hex").toString("base64url");

/** Finds the start of the page of a cursor. @throws CloudflareError 400 for an unknown cursor */
function findStart({ c }: CloudflareCall, all: AuditLogEntry[]): number {
  const cursor = c.req.query("cursor");
  if (cursor === undefined) return 0;
  const last = all.findIndex((entry) => encodeCursor(entry) === cursor);
  if (last < 0) throw createRefusal("cursor is invalid");
  return last + 1;
}

/** Formats an entry. The actor is the account, or the user who owns the token. */
function toWire(account: Account, entry: AuditLogEntry): Record<string, unknown> {
  const { id, name } = { id: account.id, name: account.organization.name };
  const user = account.tokens.find((token) => token.name === entry.token)?.user;
  return {
    id: entry.id,
    account: { id, name },
    action: {
      description: `${entry.action} ${entry.type.replaceAll("_", " ")}`,
      result: "success",
      time: entry.time,
      type: entry.action,
    },
    actor: {
      id: user === undefined ? id : createHash("md5").update(user).digest("hex"),
      context: "api_token",
      ...(user !== undefined && { email: user }),
      ip_address: entry.ipAddress,
      token_id: deriveTokenId(account, entry.token),
      token_name: entry.token,
      type: user === undefined ? "account" : "user",
    },
    raw: {
      cf_ray_id: entry.rayId,
      method: entry.method,
      status_code: entry.status,
      uri: entry.uri,
      user_agent: entry.userAgent,
    },
    resource: {
      ...(entry.resourceId !== undefined && { id: entry.resourceId }),
      product: entry.product,
      scope: "accounts",
      type: entry.type,
    },
  };
}

/** A day in UTC, or a timestamp. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/;

function readTime(call: CloudflareCall, name: "since" | "before"): number {
  const text = readOption(call, name, TIME, "a date or a timestamp of RFC 3339", createRefusal);
  const value = Date.parse(text ?? "");
  if (Number.isNaN(value)) throw createRefusal(`${name} is required`);
  return value;
}

/** Creates a refusal. Cloudflare only documents that they are 4xx with a message. */
const createRefusal = (why: string) => new CloudflareError(400, 1001, why);
